import type { Locale } from '../../model/contact.ts';
import { authentic } from '../authentic.ts';
import type { ClientSeen, ClientSignal } from '../client-view.ts';
import type { ConnectorHost } from '../connector.ts';
import type { Inbound, Sender } from '../inbound.ts';
import { createDigitPieces } from './digit-pieces.ts';
import { speechOf } from './speech.ts';

/** One call, while it lasts. What is heard goes in, what is said to the client comes out. */
export interface Call {
  /** What is being said, and may still change: shown to people, never stored, and nothing acts on it. */
  partial(words: string): void;
  /** What was said. `key` names it within the call where its source does; the same key counts once. */
  final(text: string, key?: string): void;
  /** A key that was pressed. */
  digit(digit: string): void;
  /** The client spoke over an answer, of which they heard so much: the rest is not said. */
  interrupted(heard: string): void;
  end(): void;
}

export interface CallOptions {
  /** The source's name of the call, and of this connection of it. */
  readonly call: string;
  readonly session: string;
  /** Undefined where the number is withheld. */
  readonly from?: string | undefined;
  readonly locale: Locale;
  readonly speak: (text: string) => void;
  /** The same connection was there before: a recording is being played to us. */
  readonly onReplay: () => void;
  /** Something could not be stored: the source is to connect again. */
  readonly onLost: () => void;
}

/** Two equal finals within this time are one: nobody says it again that fast. */
const REPETITION_MS = 500;
/** Keys that follow each other within this time are one input; `#` ends it at once. */
const DIGITS_MS = 2_000;

export function startCall(host: ConnectorHost, options: CallOptions): Call {
  const { call, session, locale, speak } = options;
  const place = options.from ?? `call:${call}`;
  const sender: Sender = { externalUser: place, externalThread: place, locale };
  let count = 0;
  let last: { readonly text: string; readonly at: number } | undefined;
  let spoken: string | undefined;
  /** After an interruption nothing is said until the client's words are stored. */
  let isInterrupted = false;
  let isOver = false;
  let digits = '';
  let digitsTimer: NodeJS.Timeout | undefined;
  let stopWatching: () => void = () => {};
  const pieces = createDigitPieces(say);
  let queue: Promise<unknown> = begin();

  function put(inbound: Inbound): ReturnType<ConnectorHost['receive']> {
    return host.receive(authentic([inbound]));
  }

  async function begin(): Promise<void> {
    // What was said before this call is not said again.
    const [newest] = await host.view.newest(place, 1);
    const [stored] = await put({ type: 'start', dedupeKey: `start:${session}`, sender });
    if (stored?.outcome === 'duplicate') {
      isOver = true;
      options.onReplay();
    } else if (stored?.outcome === 'stored' && !isOver) {
      stopWatching = host.view.watch(place, newest?.position ?? 0, hear);
    }
  }

  function hear(seen: ClientSeen | ClientSignal): void {
    if (seen.type !== 'message' || seen.from === 'client' || isOver || isInterrupted) return;
    const text = speechOf(seen.content, locale);
    if (text === '') return;
    pieces.expect(seen.digits);
    speak(text);
    spoken = seen.id;
    const { id: externalId } = seen;
    put({ type: 'receipt', externalId, receipt: 'delivered' }).catch((error: unknown) =>
      host.log.warn({ channel: host.channel, err: error }, 'a receipt was lost'),
    );
  }

  /** One after another, as it was said. */
  function enqueue(inbound: Inbound, after?: () => void): void {
    queue = queue.then(() => {
      if (isOver && inbound.type !== 'message') return undefined;
      return put(inbound).then(after);
    });
    queue.catch((error: unknown) => {
      host.log.error({ channel: host.channel, err: error }, 'words of a call could not be stored');
      options.onLost();
    });
  }

  function say(text: string, key: string): void {
    const content = [{ kind: 'text', text }] as const;
    enqueue({ type: 'message', dedupeKey: `${call}:${key}`, sender, content, sentAt: host.now() }, () => {
      isInterrupted = false;
    });
  }

  function flushDigits(): void {
    clearTimeout(digitsTimer);
    count += 1;
    if (digits !== '') say(digits, `${session}:${count}`);
    digits = '';
  }

  return {
    partial(words) {
      // What comes late of an utterance that is over says nothing new.
      const isLate = last?.text.startsWith(words) && host.now().getTime() - last.at < REPETITION_MS;
      if (words.trim() !== '' && !isLate) host.signal(place, 'typing', words);
    },
    final(text, key) {
      const said = text.trim();
      const at = host.now().getTime();
      const isRepetition = key === undefined && last?.text === said && at - last.at < REPETITION_MS;
      if (said === '' || isRepetition) return;
      last = { text: said, at };
      count += 1;
      const named = key ?? `${session}:${count}`;
      if (!pieces.takes(said, named)) say(said, named);
    },
    digit(digit) {
      if (digit === '#') {
        pieces.flush();
        return flushDigits();
      }
      count += 1;
      if (pieces.takes(digit, `${session}:${count}`)) return;
      digits += digit.slice(0, 1);
      clearTimeout(digitsTimer);
      digitsTimer = setTimeout(flushDigits, DIGITS_MS);
    },
    interrupted(heard) {
      isInterrupted = true;
      count += 1;
      if (spoken === undefined) return;
      enqueue({
        type: 'interrupt',
        dedupeKey: `interrupt:${session}:${count}`,
        sender,
        message: spoken,
        heard,
      });
    },
    end() {
      pieces.flush();
      if (digits !== '') flushDigits();
      clearTimeout(digitsTimer);
      isOver = true;
      stopWatching();
    },
  };
}
