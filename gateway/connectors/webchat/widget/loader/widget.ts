import type { Locale } from '../../../../model/contact.ts';
import type { ToPage } from '../bridge.ts';
import { chooseLocale } from '../locale.ts';
import { takeMoveLink } from '../move-link.ts';
import { createLauncher } from './launcher.ts';
import { createSheet } from './sheet.ts';
import { dress } from './styles.ts';
import { loaderTexts } from './texts.ts';

/**
 * What a page says to the chat: `okno.open()`, or `okno('open')`, which the page can also say before the loader is there.
 */
interface Okno extends Record<(typeof COMMANDS)[number], (...values: unknown[]) => void> {
  (...command: unknown[]): void;
  /** What the page said before the loader was there. */
  q?: ArrayLike<unknown>[];
  isLoader?: true;
}

declare global {
  interface Window {
    okno?: Okno | (((...command: unknown[]) => void) & Partial<Pick<Okno, 'q' | 'isLoader'>>);
  }
}

const COMMANDS = ['open', 'close', 'identify', 'locale', 'on', 'off'] as const;

type Listener = (detail: { readonly count?: number }) => void;

/** Remembers in this tab that the client opened the chat, so that it is still there on the bank's next page. */
const REMEMBERED = 'okno';

/** Starts the widget that the script tag asks for. A second tag on the same page does nothing. */
export function startWidget(script: HTMLScriptElement): void {
  if (window.okno?.isLoader) return;
  const waiting: ArrayLike<unknown>[] = [...(window.okno?.q ?? [])];
  let run = (command: ArrayLike<unknown>) => {
    waiting.push(command);
  };
  const say = (...command: unknown[]) => run(command);
  const methods = COMMANDS.map((name) => [name, (...values: unknown[]) => say(name, ...values)]);
  window.okno = Object.assign(say, { isLoader: true }, Object.fromEntries(methods));
  const begin = () => {
    run = createWidget(script);
    for (const command of waiting) run(command);
  };
  if (document.body) begin();
  else document.addEventListener('DOMContentLoaded', begin);
}

function createWidget(script: HTMLScriptElement): (command: ArrayLike<unknown>) => void {
  let locale = chooseLocale([
    script.dataset.locale,
    document.documentElement.lang,
    ...(navigator.languages ?? [navigator.language]),
  ]);
  let unread = 0;
  let identity: string | null | undefined;
  let cameFrom: Element | null = null;
  const moveLink = takeMoveLink();
  const listeners = new Map<string, Set<Listener>>();

  const address = new URL('widget/frame.html', script.src);
  address.searchParams.set('channel', script.dataset.channel || 'webchat');
  address.searchParams.set('locale', locale);

  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  dress(root);
  const launcher = createLauncher(() => open(true));
  const sheet = createSheet({ address: address.href, onClose: close, onMessage });
  root.append(launcher.button, launcher.news, sheet.dialog);
  show();
  document.body.append(host);

  function tell(event: string, detail: { count?: number } = {}) {
    for (const listener of listeners.get(event) ?? []) listener(detail);
  }
  function show() {
    const texts = loaderTexts[locale];
    host.lang = locale;
    launcher.button.hidden = sheet.isOpen;
    launcher.show(texts, unread);
    sheet.setTexts(texts);
  }
  function open(focus: boolean) {
    if (sheet.isOpen) return;
    cameFrom = document.activeElement;
    sheet.open(focus);
    remember('open');
    show();
    tell('open');
  }
  function close() {
    if (!sheet.isOpen) return;
    sheet.close();
    remember('closed');
    show();
    const back = cameFrom;
    if (back instanceof HTMLElement && back !== document.body && back !== host && back.isConnected)
      back.focus();
    else launcher.button.focus();
    tell('close');
  }
  function onMessage(message: ToPage) {
    if (message.type === 'close') close();
    else if (message.type === 'unread') {
      unread = message.count;
      show();
      tell('unread', { count: unread });
    } else if (message.type === 'identity-refused') {
      identity = undefined;
      tell('identity-refused');
    } else {
      // The frame connects on hearing the language, so what it connects with goes first.
      if (identity !== undefined) sheet.tell({ type: 'identify', token: identity });
      if (moveLink) sheet.tell({ type: 'move', link: moveLink });
      sheet.tell({ type: 'locale', locale });
    }
  }
  function identify(token: string | null) {
    identity = token;
    sheet.tell({ type: 'identify', token });
  }
  function setLocale(next: Locale) {
    locale = next;
    sheet.tell({ type: 'locale', locale });
    show();
  }

  const before = remembered();
  if (moveLink) open(false);
  // On a phone the sheet would hide the page that the client has just gone to.
  else if (before === 'open' && window.innerWidth > 480 && window.innerHeight > 480) open(false);
  else if (before) sheet.prepare();

  return (command) => {
    const [what, value] = [command[0], command[1]];
    if (what === 'open') open(true);
    else if (what === 'close') close();
    else if (what === 'identify' && (typeof value === 'string' || value === null)) identify(value);
    else if (what === 'locale' && typeof value === 'string') setLocale(chooseLocale([value]));
    else if ((what === 'on' || what === 'off') && typeof value === 'string' && isListener(command[2])) {
      const heard = listeners.get(value) ?? new Set();
      listeners.set(value, heard);
      if (what === 'on') heard.add(command[2]);
      else heard.delete(command[2]);
    } else
      console.warn(
        `okno(${JSON.stringify(what)}, …) is not a command; there are open, close, identify with a token or null, locale with ru or en, on and off with an event and a function`,
      );
  };
}

function isListener(value: unknown): value is Listener {
  return typeof value === 'function';
}

function remember(state: 'open' | 'closed'): void {
  try {
    sessionStorage.setItem(REMEMBERED, state);
  } catch {
    // Without storage the chat is simply closed on the next page.
  }
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}
