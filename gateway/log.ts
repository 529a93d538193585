import { type Logger, pino } from 'pino';

/**
 * The hub's log: one JSON a line. Errors keep their type, message and stack; what a driver adds to them (the failing
 * row's values) stays out, as it may be a client's text.
 */
export function createLog(level: string): Logger {
  return pino({ level, base: undefined, serializers: { err: describeError } });
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: 'something that is not an error was thrown' };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: withoutTokens(error.message),
    code,
    stack: error.stack?.split('\n').slice(1, 6),
  };
}

/** Bot tokens stand in the URLs of some networks. */
function withoutTokens(message: string): string {
  return message.replace(/\d{5,}:[\w-]{20,}/g, '…');
}
