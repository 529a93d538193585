import type { ImapFlow } from 'imapflow';
import { authentic } from '../authentic.ts';
import type { ConnectorHost, Downloaded, Received } from '../connector.ts';
import { type Mailbox, translateMail } from './inbound.ts';
import { parseMail } from './parse.ts';
import type { MailServer } from './server.ts';

/** Larger mails are not read: they go to the quarantine, where people see from whom they are. */
const MAX_MAIL_BYTES = 30 * 1024 * 1024;
/** A server that forgets to tell of new mail is asked this often. */
const LOOK_EVERY_MS = 30_000;
/** The server has this long from the first packet to the open mailbox; the package alone would wait for minutes. */
const SIGN_IN_MS = 30_000;
/** Something comes at least with each look; a session in which so long nothing does is dead. */
const SILENCE_MS = 2 * LOOK_EVERY_MS;

async function clientOf({ host, port, secure, isPlain, user, password }: MailServer): Promise<ImapFlow> {
  // Loaded with the first mailbox: a hub without one need not wait for it.
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    host,
    port,
    secure,
    ...(!secure && { doSTARTTLS: !isPlain }),
    auth: { user, pass: password },
    logger: false,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: SILENCE_MS,
  });
  // Whoever waits for a command hears of it there; without a listener the process would end.
  client.on('error', () => {});
  return client;
}

/** Opens the mailbox and gives its UIDVALIDITY. Throws where the server refuses, or does not let us in in time. */
async function signIn(client: ImapFlow, readOnly: boolean): Promise<string> {
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    client.close();
  }, SIGN_IN_MS);
  try {
    await client.connect();
    const { uidValidity } = await client.mailboxOpen('INBOX', { readOnly });
    return String(uidValidity);
  } catch (error) {
    throw isLate ? Object.assign(new Error('no answer in time'), { code: 'SIGN_IN_TIMEOUT' }) : error;
  } finally {
    clearTimeout(limit);
  }
}

/** Works in the mailbox in a session of its own, which an abort ends. Throws where the server is away, in words that may be logged. */
async function inMailbox<Result>(
  server: MailServer,
  { readOnly = false, signal }: { readonly readOnly?: boolean; readonly signal: AbortSignal },
  work: (client: ImapFlow, uidValidity: string) => Promise<Result>,
): Promise<Result> {
  const client = await clientOf(server);
  const stop = () => client.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await work(client, await signIn(client, readOnly));
  } catch (error) {
    throw speakable(error);
  } finally {
    signal.removeEventListener('abort', stop);
    client.close();
  }
}

/**
 * Takes in what is unread in the mailbox and marks it as read after its commit, so the mailbox itself remembers how far we
 * are, over restarts and another UIDVALIDITY too. Waits by IDLE (RFC 2177) until the signal aborts; throws where the server
 * or the store is away.
 */
export async function listenTo(
  server: MailServer,
  mailbox: Mailbox,
  host: Pick<ConnectorHost, 'receive'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await inMailbox(server, { signal }, async (client, uidValidity) => {
      while (!signal.aborted) {
        const news = watchForNews(client);
        const unread = client.usable && (await client.search({ seen: false }, { uid: true }));
        if (!unread) throw new Error('no answer to a search');
        for (const uid of unread) await take(client, uid, uidValidity, mailbox, host);
        if (unread.length === 0) await news.come(signal);
        news.stop();
      }
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Watches from now on, so that what comes while we look is not missed; `come` waits for new mail, an end, or a while. */
function watchForNews(client: ImapFlow) {
  let tell = () => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  client.once('exists', tell);
  client.once('close', tell);
  return {
    async come(signal: AbortSignal): Promise<void> {
      const timer = setTimeout(tell, LOOK_EVERY_MS);
      // The next command ends it.
      client.idle().catch(tell);
      if (!signal.aborted) await told;
      clearTimeout(timer);
    },
    stop() {
      client.off('exists', tell);
      client.off('close', tell);
    },
  };
}

async function take(
  client: ImapFlow,
  uid: number,
  uidValidity: string,
  mailbox: Mailbox,
  host: Pick<ConnectorHost, 'receive'>,
): Promise<void> {
  const fetched = await client.fetchOne(
    String(uid),
    { size: true, source: { maxLength: MAX_MAIL_BYTES } },
    { uid: true },
  );
  // Somebody has taken it away meanwhile.
  const source = fetched ? fetched.source : undefined;
  if (!fetched || !source) return;
  const { size = source.length } = fetched;
  const mail = size > MAX_MAIL_BYTES ? undefined : await parseMail(source).catch(() => undefined);
  await host.receive(mail ? translateMail(mail, { uidValidity, uid }, mailbox) : beginningOf(source, size));
  const isMarked = await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
  // Else it would be taken again at once, for ever.
  if (!isMarked) throw new Error('the mailbox takes no flags');
}

/** A mail that no parser reads, or that is too large: its beginning is kept, where its headers are. */
function beginningOf(source: Buffer, size: number): Received {
  const raw = source.subarray(0, 16 * 1024).toString('utf8');
  return authentic([], [{ reason: size > MAX_MAIL_BYTES ? 'too-large' : 'unreadable', raw }]);
}

/** Fetches one file of a mail again, in a session of its own. Throws where the server is away. */
export async function fetchAttachment(
  server: MailServer,
  source: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Downloaded> {
  const [, uidValidity, uid = '', index] = /^(\d+):(\d+):(\d+)$/.exec(source) ?? [];
  if (uidValidity === undefined) return { outcome: 'refused', reason: 'bad-source' };
  return inMailbox(server, { readOnly: true, signal }, async (client, opened) => {
    if (opened !== uidValidity) return { outcome: 'refused', reason: 'mailbox-renewed' };
    const fetched = await client.fetchOne(uid, { source: { maxLength: MAX_MAIL_BYTES } }, { uid: true });
    const mail = fetched ? fetched.source : undefined;
    if (!mail) return { outcome: 'refused', reason: 'gone' };
    const file = (await parseMail(mail)).attachments[Number(index)];
    if (!file) return { outcome: 'refused', reason: 'gone' };
    if (file.content.length > maxBytes) return { outcome: 'refused', reason: 'too-large' };
    const name = file.filename === undefined ? {} : { name: file.filename };
    return { outcome: 'file', bytes: file.content, type: file.contentType, ...name };
  });
}

/** Whether the server lets us in; throws an error whose `code` says why not. */
export async function checkImap(server: MailServer, signal: AbortSignal): Promise<void> {
  await inMailbox(server, { readOnly: true, signal }, async () => {});
}

/** The package's errors carry commands and answers; only what is no secret is passed on. */
function speakable(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('imap: unknown');
  if ('authenticationFailed' in error && error.authenticationFailed === true)
    return Object.assign(new Error('imap: unauthorized'), { code: 'unauthorized' });
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return Object.assign(new Error(`imap: ${code}`), { code });
}
