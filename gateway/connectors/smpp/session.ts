import type { Pdu, Session } from 'smpp';
import { within } from '../../within.ts';
import { type Confirmations, createConfirmations } from './confirmations.ts';
import { library, STATUS } from './pdus.ts';
import { createRequests } from './requests.ts';
import { createWindow } from './window.ts';

export type BindKind = 'transceiver' | 'transmitter' | 'receiver';

/** Where the SMSC is and who we are there. */
export interface SmscAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Certificates that sign the SMSC's own, PEM, besides the system's. */
  readonly ca?: string;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
}

export interface SessionOptions {
  readonly bind: BindKind;
  /** Requests without an answer at once; more wait (§2.9, "asynchronous"). */
  readonly window: number;
  readonly enquireLinkMs: number;
  /** Takes a deliver_sm or data_sm; resolves with the status of the answer, once what came is stored. Never rejects. */
  readonly onDeliver: (pdu: Pdu) => Promise<Taken>;
  /** The SMSC certainly has our answers to these. */
  readonly onConfirmed: (keys: readonly string[]) => void;
}

export interface Taken {
  readonly status: number;
  /** Told to `onConfirmed` once the SMSC has the answer. */
  readonly key?: string;
}

/** One bound session. After any error of the protocol it is over, and another has to be opened. */
export interface BoundSession {
  /** The answer to one request, waiting for a place in the window first. Rejects with RequestLost. */
  request(command: string, fields: Record<string, unknown>, signal: AbortSignal): Promise<Pdu>;
  /** Why the session is over; resolves once it is. */
  readonly ended: Promise<string>;
  readonly isOver: boolean;
  /** Says goodbye where it can, then ends the session. */
  close(): Promise<void>;
}

/** The SMSC answered the bind with a refusal. */
export class BindRefused extends Error {
  override readonly name = 'BindRefused';
  readonly status: number;

  constructor(status: number) {
    super(`the SMSC refused the bind with status 0x${status.toString(16)}`);
    this.status = status;
  }
}

const CONNECT_LIMIT_MS = 10_000;
const ANSWER_LIMIT_MS = 10_000;
/** With no request of ours under way, what was answered is confirmed by an enquire_link after this long. */
const CONFIRM_MS = 1_000;
/** The SMSC's requests that are being stored; more wait in the socket. */
const MAX_TAKING = 500;

/** Connects and binds (§4.1). Rejects with BindRefused, or an Error where no session came about in time. */
export async function openSession(address: SmscAddress, options: SessionOptions): Promise<BoundSession> {
  const session = await connect(address);
  const bound = hold(session, options);
  try {
    const answer = await bound.request(
      `bind_${options.bind}`,
      {
        system_id: address.systemId,
        password: address.password,
        system_type: address.systemType,
        interface_version: 0x34,
      },
      AbortSignal.timeout(ANSWER_LIMIT_MS),
    );
    if (answer.command_status !== STATUS.ok) throw new BindRefused(answer.command_status);
    return bound;
  } catch (error) {
    await bound.close();
    throw error;
  }
}

async function connect({ host, port, tls, ca }: SmscAddress): Promise<Session> {
  const session = library().connect({ host, port, tls, ...(tls && { servername: host }), ...(ca && { ca }) });
  const connected = new Promise<void>((resolve, reject) => {
    session.once(tls ? 'secureConnect' : 'connect', resolve);
    session.once('close', () => reject(new Error('the SMSC closed the connection')));
    // Stays: without a listener the package's errors end the process.
    session.on('error', reject);
  });
  try {
    await within(CONNECT_LIMIT_MS, connected);
    session.socket.setNoDelay(true);
    return session;
  } catch (error) {
    session.destroy();
    throw error;
  }
}

function hold(session: Session, options: SessionOptions): BoundSession {
  const confirmations = createConfirmations(options.onConfirmed);
  const requests = createRequests(session, confirmations);
  const window = createWindow(options.window);
  let isOver = false;
  let confirming: NodeJS.Timeout | undefined;
  let resolveEnded: (reason: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    resolveEnded = resolve;
  });

  function end(reason: string): void {
    if (isOver) return;
    isOver = true;
    clearInterval(enquiring);
    clearTimeout(confirming);
    session.destroy();
    requests.end(reason);
    resolveEnded(reason);
  }

  /** §4.11; a session that does not answer it is dead, however alive its connection looks. */
  function enquire(): void {
    requests
      .ask('enquire_link', {}, AbortSignal.timeout(Math.min(ANSWER_LIMIT_MS, options.enquireLinkMs)))
      .catch((error: Error) => end(`no answer to enquire_link: ${error.message}`));
  }

  function confirmSoon(): void {
    confirming ??= setTimeout(() => {
      confirming = undefined;
      if (confirmations.isWaiting()) enquire();
    }, CONFIRM_MS);
  }

  const enquiring = setInterval(enquire, options.enquireLinkMs);
  // After an error the package reads nothing more of the connection.
  session.on('error', (error: Error) => end(`protocol error: ${error.message}`));
  session.on('close', () => end('the connection was closed'));
  session.on('unbind', (pdu: Pdu) => {
    session.send(pdu.response());
    end('the SMSC unbound');
  });
  answerRequests(session, { onDeliver: options.onDeliver, confirmations, confirmSoon });

  return {
    ended,
    get isOver() {
      return isOver;
    },
    async request(command, fields, signal) {
      await window.enter();
      try {
        return await requests.ask(command, fields, signal);
      } finally {
        window.leave();
      }
    },
    async close() {
      await requests.ask('unbind', {}, AbortSignal.timeout(1_000)).catch(() => undefined);
      end('closed by us');
    },
  };
}

interface Answering extends Pick<SessionOptions, 'onDeliver'> {
  readonly confirmations: Confirmations;
  readonly confirmSoon: () => void;
}

/** Answers what the SMSC asks of us. */
function answerRequests(session: Session, { onDeliver, confirmations, confirmSoon }: Answering): void {
  let taking = 0;

  async function deliver(pdu: Pdu): Promise<void> {
    taking += 1;
    if (taking >= MAX_TAKING) session.pause();
    const { status, key } = await onDeliver(pdu);
    taking -= 1;
    const isWritten = session.send(pdu.response({ command_status: status }));
    if (isWritten && status === STATUS.ok && key) {
      confirmations.answered(key);
      confirmSoon();
    }
    if (taking === MAX_TAKING - 1) session.resume();
  }

  session.on('pdu', (pdu: Pdu) => {
    if (pdu.isResponse()) return;
    switch (pdu.command) {
      case 'deliver_sm':
      case 'data_sm':
        void deliver(pdu);
        return;
      case 'enquire_link':
        session.send(pdu.response());
        return;
      case 'unbind':
      case 'alert_notification':
      case 'outbind':
        return;
      default:
        session.send(pdu.response({ command_status: STATUS.unknownCommand }));
    }
  });
}
