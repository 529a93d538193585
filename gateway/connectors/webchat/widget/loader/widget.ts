import type { Locale } from '../../../../model/contact.ts';
import type { ToPage } from '../bridge.ts';
import { chooseLocale } from '../locale.ts';
import { takeMoveLink } from '../move-link.ts';
import { createLauncher } from './launcher.ts';
import { createSheet } from './sheet.ts';
import { dress } from './styles.ts';
import { loaderTexts } from './texts.ts';

/** `okno('open')`, `okno('close')`, `okno('identify', token | null)`, `okno('locale', 'ru' | 'en')`. */
interface Okno {
  (...command: unknown[]): void;
  /** What the page said before the loader was there. */
  q?: ArrayLike<unknown>[];
  isLoader?: true;
}

declare global {
  interface Window {
    okno?: Okno;
  }
}

/** Remembers in this tab that the client opened the chat, so that it is still there on the bank's next page. */
const REMEMBERED = 'okno';

/** Starts the widget that the script tag asks for. A second tag on the same page does nothing. */
export function startWidget(script: HTMLScriptElement): void {
  if (window.okno?.isLoader) return;
  const waiting: ArrayLike<unknown>[] = [...(window.okno?.q ?? [])];
  let run = (command: ArrayLike<unknown>) => {
    waiting.push(command);
  };
  const okno: Okno = (...command) => run(command);
  okno.isLoader = true;
  window.okno = okno;
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
  }
  function onMessage(message: ToPage) {
    if (message.type === 'close') close();
    else if (message.type === 'unread') {
      unread = message.count;
      show();
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
    else
      console.warn(
        `okno(${JSON.stringify(what)}, …) is not a command; there are open, close, identify with a token or null, and locale with ru or en`,
      );
  };
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
