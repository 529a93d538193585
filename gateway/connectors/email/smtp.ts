import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SendOutcome } from '../outgoing.ts';
import { outcomeOf, type SmtpEnd } from './outbound.ts';
import type { MailServer } from './server.ts';

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** Hands one mail to the server in a session of its own. Never throws, never repeats. */
export async function deliver(
  server: MailServer,
  envelope: Envelope,
  message: Buffer,
  signal: AbortSignal,
): Promise<SendOutcome> {
  let isBegun = false;
  let stage: SmtpEnd['stage'] = 'connect';
  const session = openSession(server, signal);
  try {
    await session.run((done) => session.connection.connect(done));
    if (server.user) {
      stage = 'login';
      await session.run((done) => session.connection.login(credentialsOf(server), done));
    }
    stage = 'message';
    // Read only after the server has said 354, so that a failure before is known to have sent nothing.
    const lines = new Readable({
      read() {
        isBegun = true;
        this.push(message);
        this.push(null);
      },
    });
    await session.run((done) =>
      session.connection.send({ from: envelope.from, to: [envelope.to] }, lines, (error) => done(error)),
    );
    return { outcome: 'accepted' };
  } catch (error) {
    return outcomeOf({ ...readError(error), isBegun, stage });
  } finally {
    session.connection.close();
  }
}

/** Connects and logs in, and sends nothing: `undefined` where all is well. */
export async function checkSmtp(server: MailServer, signal: AbortSignal): Promise<SendOutcome | undefined> {
  const session = openSession(server, signal);
  let stage: SmtpEnd['stage'] = 'connect';
  try {
    await session.run((done) => session.connection.connect(done));
    stage = 'login';
    if (server.user) await session.run((done) => session.connection.login(credentialsOf(server), done));
    return undefined;
  } catch (error) {
    return outcomeOf({ ...readError(error), isBegun: false, stage });
  } finally {
    session.connection.close();
  }
}

function credentialsOf({ user, password }: MailServer) {
  return { credentials: { user, pass: password } };
}

type Step = (done: (error?: Error | null) => void) => void;

function openSession({ host, port, secure, isPlain }: MailServer, signal: AbortSignal) {
  const connection = new SMTPConnection({
    host,
    port,
    secure,
    requireTLS: !secure && !isPlain,
    ignoreTLS: isPlain,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  });
  const ended = new Promise<never>((_, reject) => {
    // Most failures are told by the event and not to the callback.
    connection.on('error', reject);
    connection.on('end', () => reject(new Error('closed')));
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
  ended.catch(() => {});
  return {
    connection,
    run: (step: Step) =>
      Promise.race([
        ended,
        new Promise<void>((resolve, reject) => step((error) => (error ? reject(error) : resolve()))),
      ]),
  };
}

function readError(error: unknown): Pick<SmtpEnd, 'code' | 'status'> {
  if (!(error instanceof Error)) return {};
  const code =
    'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined;
  const response = 'response' in error && typeof error.response === 'string' ? error.response : '';
  if (code === undefined || code < 400 || code > 599) return {};
  return { code, status: /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] };
}
