import type { HttpFault } from '../fakes/http-faults.ts';
import type { SendFault } from './suite.ts';

/** The failures of a network over HTTP; `tooMany`: how it words that there was too much. */
export function httpFaults(tooMany: Omit<Extract<HttpFault, { kind: 'refuse' }>, 'kind'>) {
  return {
    'too-many': { kind: 'refuse', ...tooMany },
    'server-error': { kind: 'refuse', status: 502 },
    'cut-before': { kind: 'cut-before' },
    'cut-after': { kind: 'cut-after' },
    truncated: { kind: 'truncated' },
    garbage: { kind: 'garbage' },
    slow: { kind: 'slow', ms: 1_500 },
  } satisfies Record<SendFault, HttpFault>;
}
