import type { AddressInfo, Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { createWatch } from './watch.ts';

/** What can happen to a mail on its way to the server. */
export type SmtpFault =
  /** 450 to its recipient, or 451 to its text: complete refusals for now (RFC 5321 §4.2.1). */
  | 'refuse-recipient'
  | 'refuse-text'
  /** 550 to its recipient: for good. */
  | 'no-such-person'
  /** Cut once the text is there, before or after it was taken. */
  | 'cut-before'
  | 'cut-after'
  /** Taken; the answer is cut in its middle, is none, or comes late. */
  | 'truncated'
  | 'garbage'
  | 'slow';

/** A mail server, by the package smtp-server, that keeps what it takes. */
export interface FakeSmtp {
  readonly url: string;
  readonly taken: readonly ParsedMail[];
  saidTo(address: string): readonly string[];
  hears(address: string, count: number): Promise<readonly string[]>;
  /** How many sessions were opened, and how many are open. */
  readonly sessions: { opened: number; open: number; most: number };
  /** The next mail to this address meets the fault. */
  fault(address: string, fault: SmtpFault): void;
  stop(): Promise<void>;
}

export async function startFakeSmtp(): Promise<FakeSmtp> {
  const taken: ParsedMail[] = [];
  const faults: { address: string; fault: SmtpFault }[] = [];
  const watch = createWatch();
  const sessions = { opened: 0, open: 0, most: 0 };

  function faultOf(address: string, wanted: readonly SmtpFault[]): SmtpFault | undefined {
    const at = faults.findIndex((one) => one.address === address);
    const next = faults[at];
    return next && wanted.includes(next.fault) ? faults.splice(at, 1)[0]?.fault : undefined;
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    // Sessions that the hub keeps are ended with the server.
    closeTimeout: 50,
    onConnect(_session, callback) {
      sessions.opened += 1;
      sessions.open += 1;
      sessions.most = Math.max(sessions.most, sessions.open);
      callback();
    },
    onClose() {
      sessions.open -= 1;
    },
    onAuth: ({ username, password }, _session, callback) =>
      password === 'secret' ? callback(null, { user: username ?? '' }) : callback(refusal(535, '5.7.8 no')),
    onRcptTo({ address }, _session, callback) {
      const fault = faultOf(address, ['refuse-recipient', 'no-such-person']);
      if (fault === 'refuse-recipient') callback(refusal(450, '4.2.0 later'));
      else if (fault === 'no-such-person') callback(refusal(550, '5.1.1 no such person'));
      else callback();
    },
    onData(stream, session, callback) {
      const address = session.envelope.rcptTo[0]?.address ?? '';
      const fault = faultOf(address, [
        'refuse-text',
        'cut-before',
        'cut-after',
        'truncated',
        'garbage',
        'slow',
      ]);
      const socket = socketOf(server, session.id);
      simpleParser(stream).then((mail) => {
        if (fault === 'refuse-text') return callback(refusal(451, '4.3.0 later'));
        if (fault === 'cut-before') return socket.resetAndDestroy();
        taken.push(mail);
        watch.seen();
        if (fault === 'cut-after') return socket.resetAndDestroy();
        if (fault === 'truncated') return socket.end('25');
        if (fault === 'garbage') return socket.end('It works!\r\n');
        setTimeout(callback, fault === 'slow' ? 1_500 : 0);
      }, callback);
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const saidTo = (address: string) =>
    taken
      .filter(({ to }) => !Array.isArray(to) && to?.value[0]?.address === address)
      .map(({ text }) => text?.trimEnd() ?? '');
  return {
    url: `smtp://help:secret@127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    taken,
    sessions,
    saidTo,
    hears: (address, count) => watch.hears(() => saidTo(address), count),
    fault: (address, fault) => void faults.push({ address, fault }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** The package has no way to cut a session, so its socket is taken. */
function socketOf(server: SMTPServer, session: string): Socket {
  const { connections } = server as unknown as {
    connections: Set<{ readonly id: string; readonly _socket: Socket }>;
  };
  const connection = [...connections].find(({ id }) => id === session);
  if (!connection) throw new Error('the session is over');
  return connection._socket;
}
