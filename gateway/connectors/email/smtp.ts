import { Readable } from 'node:stream';
import type { SendOutcome } from '../outgoing.ts';
import { outcomeOf, type SmtpEnd } from './outbound.ts';
import type { MailServer } from './server.ts';
import { openSession, type SmtpSessions } from './sessions.ts';

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** Hands one mail to the server. Never throws, never repeats. */
export async function deliver(
  sessions: SmtpSessions,
  envelope: Envelope,
  message: Buffer,
  signal: AbortSignal,
): Promise<SendOutcome> {
  let isBegun = false;
  let stage: SmtpEnd['stage'] = 'connect';
  try {
    const session = await sessions.take(signal, (reached) => {
      stage = reached;
    });
    stage = 'message';
    let isWell = false;
    // Read only after the server has said 354, so that a failure before is known to have sent nothing.
    const lines = new Readable({
      read() {
        isBegun = true;
        this.push(message);
        this.push(null);
      },
    });
    try {
      await session.run(
        (done) =>
          session.connection.send({ from: envelope.from, to: [envelope.to] }, lines, (error) => done(error)),
        signal,
      );
      isWell = true;
    } catch (error) {
      // A refusal is an answer: the session goes on with the next mail.
      isWell = readError(error).code !== undefined && readError(error).code !== CLOSING;
      throw error;
    } finally {
      sessions.give(session, isWell);
    }
    return { outcome: 'accepted' };
  } catch (error) {
    return outcomeOf({ ...readError(error), isBegun, stage });
  }
}

/** RFC 5321 §3.8: the server ends the session with it. */
const CLOSING = 421;

/** Connects and logs in, and sends nothing; throws an error whose `code` or `errno` says why that cannot be. */
export async function checkSmtp(server: MailServer, signal: AbortSignal): Promise<void> {
  let stage = 'connect' as SmtpEnd['stage'];
  try {
    const session = await openSession(server, signal, (reached) => {
      stage = reached;
    });
    session.connection.close();
  } catch (error) {
    const { code, status } = readError(error);
    if (code === undefined) throw error;
    const why = stage === 'login' ? 'unauthorized' : `smtp-${status ?? code}`;
    throw Object.assign(new Error(`smtp: ${why}`), { code: why });
  }
}

function readError(error: unknown): Pick<SmtpEnd, 'code' | 'status'> {
  if (!(error instanceof Error)) return {};
  const code =
    'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined;
  const response = 'response' in error && typeof error.response === 'string' ? error.response : '';
  if (code === undefined || code < 400 || code > 599) return {};
  return { code, status: /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] };
}
