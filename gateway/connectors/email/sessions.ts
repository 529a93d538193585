import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailServer } from './server.ts';

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;
/** Sessions at once: what a mail server commonly grants one client (Postfix: smtpd_client_connection_count_limit is 50). */
const MAX_SESSIONS = 5;
/** Servers end a session by themselves after so many mails; Exchange after 20 to 100, Postfix by its time. */
const MAX_MAILS = 50;
/** An idle session is given back soon: it saves a burst its logins, and nobody else a place. */
const IDLE_MS = 5_000;

type Step = (done: (error?: Error | null) => void) => void;

/** A connection to the server, for one mail after another. */
interface SmtpSession {
  readonly connection: SMTPConnection;
  /** Rejects where the step fails, the connection ends, or the signal aborts; the session is of no use then. */
  run(step: Step, signal: AbortSignal): Promise<void>;
}

/** How far a new session came when it failed. */
type Stage = 'connect' | 'login';

/** Sessions that are kept between mails, of bounded number, use and idle time. */
export interface SmtpSessions {
  /**
   * A session that is logged in; waits where all are in use. `reached` is told how far it got, in case it rejects: no
   * mail was begun then.
   */
  take(signal: AbortSignal, reached: (stage: Stage) => void): Promise<SmtpSession>;
  /** Gives it back; what failed with it is not used again. */
  give(session: SmtpSession, isWell: boolean): void;
  /** Ends idle sessions, and keeps none from now on. */
  close(): void;
}

interface Idle {
  readonly session: SmtpSession;
  readonly timer: NodeJS.Timeout;
}

export function createSmtpSessions(server: MailServer): SmtpSessions {
  const idle: Idle[] = [];
  const mails = new Map<SmtpSession, number>();
  const waiting: (() => void)[] = [];
  let inUse = 0;
  let isClosed = false;

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (inUse < MAX_SESSIONS) {
      inUse += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(new Error('aborted'));
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(go);
    });
  }

  /** The place goes to who has waited longest. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else inUse -= 1;
  }

  function end(session: SmtpSession): void {
    mails.delete(session);
    session.connection.close();
  }

  /** One that the server still keeps: RSET (RFC 5321 §4.1.1.5) is answered, and forgets what was refused before. */
  async function reused(signal: AbortSignal): Promise<SmtpSession | undefined> {
    for (let next = idle.pop(); next; next = idle.pop()) {
      const { session, timer } = next;
      clearTimeout(timer);
      try {
        await session.run((done) => session.connection.reset(done), signal);
        return session;
      } catch {
        end(session);
      }
    }
    return undefined;
  }

  return {
    async take(signal, reached) {
      reached('connect');
      await enter(signal);
      try {
        signal.throwIfAborted();
        const session = (await reused(signal)) ?? (await openSession(server, signal, reached));
        mails.set(session, (mails.get(session) ?? 0) + 1);
        return session;
      } catch (error) {
        leave();
        throw error;
      }
    },
    give(session, isWell) {
      if (!isWell || isClosed || (mails.get(session) ?? MAX_MAILS) >= MAX_MAILS) end(session);
      else idle.push({ session, timer: endAfterIdling(session) });
      leave();
    },
    close() {
      isClosed = true;
      for (const { session, timer } of idle.splice(0)) {
        clearTimeout(timer);
        end(session);
      }
    },
  };

  function endAfterIdling(session: SmtpSession): NodeJS.Timeout {
    const timer = setTimeout(() => {
      const at = idle.findIndex((one) => one.session === session);
      if (at >= 0) idle.splice(at, 1);
      end(session);
    }, IDLE_MS);
    return timer.unref();
  }
}

/** Connects and logs in. Whatever fails, the connection is closed. */
export async function openSession(
  server: MailServer,
  signal: AbortSignal,
  reached: (stage: Stage) => void,
): Promise<SmtpSession> {
  const session = sessionWith(server);
  try {
    await session.run((done) => session.connection.connect(done), signal);
    reached('login');
    const { user, password: pass } = server;
    if (user)
      await session.run((done) => session.connection.login({ credentials: { user, pass } }, done), signal);
    return session;
  } catch (error) {
    session.connection.close();
    throw error;
  }
}

function sessionWith({ host, port, secure, isPlain }: MailServer): SmtpSession {
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
    connection.on('end', () => reject(Object.assign(new Error('closed'), { code: 'ECONNECTION' })));
  });
  ended.catch(() => {});
  return {
    connection,
    async run(step, signal) {
      let stop = () => {};
      const aborted = new Promise<never>((_, reject) => {
        stop = () => reject(new Error('aborted'));
      });
      aborted.catch(() => {});
      signal.addEventListener('abort', stop, { once: true });
      try {
        signal.throwIfAborted();
        await Promise.race([
          ended,
          aborted,
          new Promise<void>((resolve, reject) => step((error) => (error ? reject(error) : resolve()))),
        ]);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}
