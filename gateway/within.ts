/** What was waited for did not come in time. It may still happen. */
class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

/** The outcome of `work`, or a rejection with TooSlowError once `limitMs` have passed; the work itself goes on. */
export async function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TooSlowError(`nothing came in ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, tooSlow]);
  } finally {
    clearTimeout(timer);
  }
}
