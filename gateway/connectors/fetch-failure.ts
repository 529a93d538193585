/** What a `fetch` that threw tells: whether the request may have reached the other side, and a short code. */
export interface FetchFailure {
  readonly mayHaveArrived: boolean;
  readonly reason: string;
}

/**
 * Codes of failures before a connection stood, so that nothing of the request was written: no address, no answer to
 * the connect, or a certificate that was refused in the handshake.
 */
const BEFORE_CONNECTION = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Reads the error that Node's `fetch` (undici) threw. Only what certainly failed before a connection stood has not
 * arrived. A reset, an abort or a timeout may have come after the request was written: undici sends requests over
 * kept-alive connections, where a reset says nothing about what the other side did.
 */
export function readFetchFailure(error: unknown): FetchFailure {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  // Node tries all addresses of a name; one error for each. Any that got further decides.
  const errors: readonly unknown[] =
    cause instanceof AggregateError && cause.errors.length > 0 ? cause.errors : [cause];
  const furthest = errors.find((one) => !isBeforeConnection(one)) ?? errors[0];
  return { mayHaveArrived: !isBeforeConnection(furthest), reason: codeOf(furthest) };
}

function isBeforeConnection(error: unknown): boolean {
  if (BEFORE_CONNECTION.has(codeOf(error))) return true;
  // ECONNREFUSED, EHOSTUNREACH, ETIMEDOUT and the like, where it was the connect itself that failed.
  return error instanceof Error && 'syscall' in error && error.syscall === 'connect';
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown-error';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name;
}
