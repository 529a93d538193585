import type { DemoBank } from './core.ts';

/** A `fetch` that the demo bank answers in the process, without a network; for `okno chat`. */
export function fetchOf(bank: DemoBank): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const action = new URL(request.url).pathname.replace(/^\/actions\//, '');
    const header = (name: string) => request.headers.get(name) ?? undefined;
    const customer = header('okno-customer');
    const identity = header('okno-identity');
    const { status, body } = bank.answer({
      action,
      parameters: await request.json(),
      locale: header('accept-language') === 'en' ? 'en' : 'ru',
      key: header('idempotency-key') ?? '',
      ...(customer === undefined ? {} : { customer }),
      ...(identity === undefined ? {} : { identity }),
    });
    return Response.json(body, { status });
  };
}
