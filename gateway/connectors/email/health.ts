import { connect } from 'node:net';
import type { ChannelHealth, Finding } from '../health.ts';
import { checkImap } from './mailbox.ts';
import type { MailServer } from './server.ts';
import { checkSmtp } from './smtp.ts';

/** A server has this long to let us in; the rest of the monitor's time tells a silent server from one that is away. */
const ANSWER_MS = 8_000;
const ACCEPT_MS = 2_000;

/** How the two servers of a mailbox are: each finding names its server. Never rejects. */
export async function healthOf(
  servers: { readonly imap: MailServer; readonly smtp: MailServer },
  address: string,
  signal: AbortSignal,
): Promise<ChannelHealth> {
  const found = await Promise.all([
    look('imap', servers.imap, checkImap, signal),
    look('smtp', servers.smtp, checkSmtp, signal),
  ]);
  return { findings: found.filter((one) => one !== undefined), account: address, ownThread: address };
}

async function look(
  name: 'imap' | 'smtp',
  server: MailServer,
  check: (server: MailServer, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  try {
    await check(server, limit);
    return undefined;
  } catch (error) {
    const place = `${name} ${server.host}:${server.port}`;
    const failure = limit.aborted ? 'silent' : readFailure(error);
    if (failure === 'unauthorized') return { problem: 'unauthorized', detail: `${name}: unauthorized` };
    if (failure === 'closed') return { problem: 'server-hangs-up', detail: place };
    if (failure === 'silent')
      return { problem: (await accepts(server)) ? 'server-silent' : 'unreachable', detail: place };
    return { problem: 'unreachable', detail: failure.said ? `${place}, ${failure.said}` : place };
  }
}

const OUT_OF_TIME = /TIMEOUT|ETIMEDOUT/;
const CLOSED = /Closed|NoConnection|ECONNECTION|ECONNRESET|EPIPE/;
/** As the system and its TLS name errors, such as `ECONNREFUSED` and `CERT_HAS_EXPIRED`; or an answer of SMTP. */
const SAID = /^(?:E[A-Z]{3,}|[A-Z]+(?:_[A-Z]+)+|smtp-[\d.]+)$/;
/** Names of the mail packages' own that look like the system's. */
const OF_PACKAGES = new Set(['ESOCKET', 'ETLS', 'EPROTOCOL', 'EDNS']);

type Failure = 'unauthorized' | 'silent' | 'closed' | { readonly said: string | undefined };

/** What a failed look means; else what the system or the server said of it, where they did. */
function readFailure(error: unknown): Failure {
  const code = codeOf(error);
  if (code === 'unauthorized') return code;
  if (OUT_OF_TIME.test(code)) return 'silent';
  if (CLOSED.test(code)) return 'closed';
  return { said: SAID.test(code) && !OF_PACKAGES.has(code) ? code : undefined };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // Nodemailer keeps the system's code here where it puts one of its own over it.
  if ('originalCode' in error && typeof error.originalCode === 'string') return error.originalCode;
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether the server takes a connection. */
function accepts({ host, port }: MailServer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ACCEPT_MS });
    const end = (isAccepted: boolean) => {
      socket.destroy();
      resolve(isAccepted);
    };
    socket
      .once('connect', () => end(true))
      .once('timeout', () => end(false))
      .once('error', () => end(false));
  });
}
