import type { AddressInfo } from 'node:net';
import smpp, { type Pdu, type Session } from 'smpp';
import { library } from '../../gateway/connectors/smpp/pdus.ts';
import { joinSubmits, pieceOf } from './smsc-messages.ts';
import { type ReceiptStyle, receiptOf } from './smsc-receipts.ts';
import { createWatch } from './watch.ts';

/**
 * An SMSC as the SMPP Protocol Specification v3.4, issue 1.2, describes it, on the server side of the package `smpp`.
 * What it does with faults is what networks and that specification allow: any request may get no answer, and the
 * connection may end at any time (§2.7); temporary refusals are command_status 0x58, 0x14 and 0x08 (§5.1.3).
 */
export interface FakeSmsc {
  readonly url: string;
  /** Every submit_sm that was accepted, in order. */
  readonly accepted: readonly Pdu[];
  /** All requests that were read, by their names. */
  readonly commands: readonly string[];
  /** Most submit_sm at once that had no answer yet. */
  readonly mostWaiting: number;
  readonly binds: readonly string[];
  /** Bound now. */
  readonly sessions: number;
  /** What a phone showed: its messages joined, each once, in order. */
  saidTo(phone: string): readonly string[];
  /** Resolves once a phone has so many messages. */
  hears(phone: string, count: number): Promise<readonly string[]>;
  /** Hands over a deliver_sm until it is taken, as §4.6 asks of an SMSC; resolves with the statuses of all answers. */
  deliver(fields: Record<string, unknown>, options?: DeliverOptions): Promise<readonly number[]>;
  /** The next submit_sm to this phone meets this. */
  fault(phone: string, fault: SubmitFault): void;
  /** Sends a receipt of each accepted message, `before` or after its submit_sm_resp. */
  receipts: { readonly style: ReceiptStyle; readonly stat: string; readonly before?: boolean } | undefined;
  /** How ids look in submit_sm_resp. */
  spellId: (id: number) => string;
  /** Answers nothing, not even enquire_link. */
  isFrozen: boolean;
  /** Refuses further binds with this status. */
  refuseBinds: number | undefined;
  /** How long an answer to submit_sm takes. */
  answerMs: number;
  cutAll(): void;
  /** Writes octets that are no PDU to every session. */
  writeToAll(octets: Uint8Array): void;
  until(condition: () => boolean): Promise<void>;
  stop(): Promise<void>;
}

export type SubmitFault =
  | { readonly kind: 'status'; readonly status: number }
  /** Accepted, and never answered. */
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'cut-before' }
  | { readonly kind: 'cut-after' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'slow'; readonly ms: number };

export interface DeliverOptions {
  /** The answer is not awaited: the SMSC goes down before it comes, and hands the message over again afterwards. */
  readonly loseFirstAnswer?: boolean;
}

export interface SmscOptions {
  readonly systemId?: string;
  readonly password?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
}

const RETRY_MS = 200;

export async function startFakeSmsc(options: SmscOptions = {}): Promise<FakeSmsc> {
  const { systemId = 'okno', password = 'secret', tls } = options;
  const pdus = library();
  const accepted: Pdu[] = [];
  const commands: string[] = [];
  const binds: string[] = [];
  const faults: { phone: string; fault: SubmitFault }[] = [];
  const sessions = new Map<Session, { receives: boolean }>();
  const watch = createWatch();
  let lastId = 0xa000;
  let waiting = 0;

  const fake: FakeSmsc = {
    url: '',
    accepted,
    commands,
    binds,
    mostWaiting: 0,
    get sessions() {
      return sessions.size;
    },
    receipts: undefined,
    spellId: (id) => id.toString(16).toUpperCase(),
    isFrozen: false,
    refuseBinds: undefined,
    answerMs: 0,
    saidTo: (phone) => joinSubmits(accepted.filter((pdu) => pdu.destination_addr === phone).map(pieceOf)),
    hears: (phone, count) => watch.hears(() => fake.saidTo(phone), count),
    deliver,
    fault: (phone, fault) => void faults.push({ phone, fault }),
    cutAll: () => {
      for (const session of sessions.keys()) session.destroy();
    },
    writeToAll: (octets) => {
      for (const session of sessions.keys()) session.socket.write(octets);
    },
    until: watch.until,
    stop: async () => {
      for (const session of sessions.keys()) session.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  const { seen } = watch;

  const server = smpp.createServer({ ...tls }, (session) => {
    session.on('error', () => session.destroy());
    session.socket.setMaxListeners(0);
    session.on('close', () => {
      sessions.delete(session);
      seen();
    });
    session.on('pdu', (pdu: Pdu) => void read(session, pdu));
  });

  async function read(session: Session, pdu: Pdu): Promise<void> {
    if (pdu.isResponse() || fake.isFrozen) return;
    commands.push(pdu.command);
    if (pdu.command.startsWith('bind_')) bind(session, pdu);
    else if (pdu.command === 'submit_sm') await submit(session, pdu);
    else session.send(pdu.response());
    if (pdu.command === 'unbind') session.destroy();
    seen();
  }

  /** §4.1: ESME_RINVPASWD and ESME_RINVSYSID. */
  function bind(session: Session, pdu: Pdu): void {
    const refusal =
      fake.refuseBinds ?? (pdu.system_id !== systemId ? 0x0f : pdu.password !== password ? 0x0e : 0);
    if (refusal) {
      session.send(pdu.response({ command_status: refusal }));
      return;
    }
    binds.push(pdu.command);
    sessions.set(session, { receives: pdu.command !== 'bind_transmitter' });
    session.send(pdu.response({ system_id: 'fake' }));
  }

  async function submit(session: Session, pdu: Pdu): Promise<void> {
    waiting += 1;
    Object.assign(fake, { mostWaiting: Math.max(fake.mostWaiting, waiting) });
    const at = faults.findIndex(({ phone }) => phone === pdu.destination_addr);
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    if (fault?.kind === 'slow') await wait(fault.ms);
    if (fake.answerMs > 0) await wait(fake.answerMs);
    waiting -= 1;
    if (fault?.kind === 'cut-before') {
      session.destroy();
      return;
    }
    if (fault?.kind === 'status') {
      session.send(pdu.response({ command_status: fault.status }));
      return;
    }
    lastId += 1;
    const id = lastId;
    accepted.push(pdu);
    const { receipts } = fake;
    if (receipts?.before) {
      tell(pdu, id, receipts);
      await wait(100);
    }
    answerSubmit(session, pdu, id, fault);
    if (receipts && !receipts.before) tell(pdu, id, receipts);
  }

  function answerSubmit(session: Session, pdu: Pdu, id: number, fault: SubmitFault | undefined): void {
    switch (fault?.kind) {
      case 'no-answer':
        break;
      case 'cut-after':
        session.destroy();
        break;
      case 'truncated':
        session.socket.write(Uint8Array.of(0, 0, 0, 40, 0x80, 0, 0, 4));
        session.destroy();
        break;
      case 'garbage':
        session.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
        break;
      default:
        session.send(pdu.response({ message_id: fake.spellId(id) }));
    }
  }

  function tell(pdu: Pdu, id: number, receipts: NonNullable<FakeSmsc['receipts']>): void {
    void deliver(receiptOf(pdu, id, receipts));
  }

  function deliver(
    fields: Record<string, unknown>,
    { loseFirstAnswer = false }: DeliverOptions = {},
  ): Promise<readonly number[]> {
    return new Promise((resolve) => {
      const statuses: number[] = [];
      let isLosing = loseFirstAnswer;
      const again = () => setTimeout(hand, RETRY_MS);
      const hand = () => {
        const session = [...sessions].find(([, { receives }]) => receives)?.[0];
        if (!session) return again();
        let isAnswered = false;
        const close = () => {
          if (!isAnswered) again();
        };
        session.socket.once('close', close);
        const isWritten = session.send(new pdus.PDU('deliver_sm', fields), ({ command_status }) => {
          // The answer is on its way as the SMSC goes down.
          if (isLosing) {
            isLosing = false;
            session.destroy();
            return;
          }
          isAnswered = true;
          session.socket.off('close', close);
          statuses.push(command_status);
          if (command_status === 0) resolve(statuses);
          else again();
        });
        if (!isWritten) again();
      };
      hand();
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const scheme = tls ? 'ssmpp' : 'smpp';
  Object.assign(fake, { url: `${scheme}://${systemId}:${password}@127.0.0.1:${port}` });
  return fake;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
