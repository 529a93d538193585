import type { Locale } from '../../../../model/contact.ts';
import { post, readToFrame, type ToFrame, type ToPage } from '../bridge.ts';
import { chooseLocale } from '../locale.ts';
import { takeMoveLink } from '../move-link.ts';
import { Chat } from './chat.ts';
import type { OpenSocket } from './connection.ts';
import { Page } from './page.ts';
import { findPlace } from './place.ts';
import { createFrameStorage } from './storage.ts';
import { frameTexts } from './texts.ts';

/** Hidden for longer than this, the connection may have died in a sleep, milliseconds. */
const LONG_HIDDEN_MS = 60_000;
const DRAFT = 'okno:draft';

/** Starts the chat in this page: in the loader's frame, or alone where it was opened by its address. */
export function startFrame(): void {
  const parameters = new URLSearchParams(location.search);
  const channel = parameters.get('channel') ?? 'webchat';
  const locale = chooseLocale([parameters.get('locale'), ...(navigator.languages ?? [])]);
  const isFramed = window.parent !== window;
  followColours();

  const storage = createFrameStorage(storageOf('localStorage'), channel);
  const drafts = storageOf('sessionStorage');
  let isShown = !isFramed;
  /** Of the page that frames us; known once it has spoken. */
  let pageOrigin: string | undefined;
  let toldUnread = 0;

  const tell = (message: ToPage) => {
    if (pageOrigin !== undefined) post(window.parent, message, pageOrigin);
  };
  const chat = new Chat({
    openSocket: socketOf(channel),
    storage,
    timers: {
      after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    random: Math.random,
    now: Date.now,
    newId,
    locale,
    onChange: () => draw(),
    onNews: (entry) => page.announce(entry),
    onFailure: () => page.announceFailure(),
    onIdentityRefused: () => tell({ type: 'identity-refused' }),
  });
  const page = new Page(locale, {
    canClose: isFramed,
    now: Date.now,
    onSend(text) {
      chat.say(text);
      page.log.toEnd();
    },
    onFiles(files) {
      for (const file of files) chat.sendFile(file);
      page.log.toEnd();
    },
    onTyping: () => chat.sayTyping(),
    onDraft: (text) => keepDraft(drafts, text),
    onClose: () => tell({ type: 'close' }),
    onChoose(choice) {
      if (choice.kind === 'contact') page.askFor('writeNumber');
      else if (choice.kind === 'location') void sharePlace();
      else {
        chat.choose(choice);
        page.log.toEnd();
      }
    },
    onRetry: (id) => chat.retry(id),
    onTakeBack: (id) => chat.takeBack(id),
    onMoveAnswer: (isAgreed) => chat.answerMove(isAgreed),
    onReconnect: () => chat.retryNow(),
    onScroll: () => draw(),
  });
  async function sharePlace() {
    const place = await findPlace();
    if (!place) {
      page.askFor('writePlace');
      return;
    }
    chat.sharePlace(place, frameTexts[page.locale].myPlace);
    page.log.toEnd();
  }
  function draw() {
    page.show(chat.state, navigator.onLine);
    if (isShown && !document.hidden && page.log.isAtEnd && chat.state.isCaughtUp) chat.see();
    if (chat.state.unread !== toldUnread) {
      toldUnread = chat.state.unread;
      tell({ type: 'unread', count: toldUnread });
    }
  }
  function hear(message: ToFrame) {
    if (message.type === 'identify') {
      chat.identify(message.token);
      if (message.token === null) page.composer.clear();
    } else if (message.type === 'locale') setLocale(message.locale);
    else if (message.type === 'move') chat.comeWith(message.link);
    else {
      isShown = message.type === 'shown';
      document.documentElement.classList.toggle('full', message.type === 'shown' && message.fullScreen);
      page.log.setShown(isShown);
      draw();
      if (message.type === 'shown' && message.focus) page.focus(matchMedia('(pointer: coarse)').matches);
    }
  }
  function setLocale(next: Locale) {
    page.setLocale(next);
    chat.setLocale(next);
    chat.start();
    draw();
  }

  document.body.prepend(page.node);
  page.composer.write(drafts?.getItem(DRAFT) ?? '');
  page.log.setShown(isShown);
  draw();
  watchBrowser(chat, draw, storage.nameOf);
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) tell({ type: 'close' });
  });
  window.addEventListener('message', (event) => {
    if (!isFramed || event.source !== window.parent) return;
    const message = readToFrame(event.data);
    if (!message) return;
    pageOrigin = event.origin;
    hear(message);
  });
  // Whoever frames us may know that we are there; everything else is for the origin that answers.
  if (isFramed) post(window.parent, { type: 'ready' }, '*');
  else {
    const link = takeMoveLink();
    if (link) chat.comeWith(link);
    chat.start();
  }
}

/** Follows what the browser says of the connection, of sleep, of pages put aside, and of our other tabs. */
function watchBrowser(
  chat: Chat,
  draw: () => void,
  nameOf: (key: string | null) => string | undefined,
): void {
  let hiddenAt = 0;
  let wasPaused = false;
  window.addEventListener('online', () => {
    chat.refresh();
    draw();
  });
  window.addEventListener('offline', draw);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > LONG_HIDDEN_MS) chat.refresh();
    else chat.retryNow();
    draw();
  });
  // A page with an open socket cannot be kept for Back and Forward.
  window.addEventListener('pagehide', () => {
    wasPaused = true;
    chat.pause();
  });
  window.addEventListener('pageshow', () => {
    if (wasPaused) chat.start();
    wasPaused = false;
  });
  window.addEventListener('storage', (event) => {
    const name = nameOf(event.key);
    if (name !== undefined) chat.keptChanged(name);
  });
}

/** The colours follow the device. */
function followColours(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => {
    document.documentElement.dataset.mantineColorScheme = dark.matches ? 'dark' : 'light';
  };
  dark.addEventListener?.('change', follow);
  follow();
}

function socketOf(channel: string): OpenSocket {
  const address = new URL(`../channels/${encodeURIComponent(channel)}/socket`, location.href);
  address.protocol = address.protocol === 'http:' ? 'ws:' : 'wss:';
  address.search = '';
  return ({ opened, received, closed }) => {
    const socket = new WebSocket(address.href);
    socket.onopen = opened;
    socket.onmessage = (event) => received(event.data);
    socket.onclose = closed;
    return {
      send: (data) => socket.send(data),
      close: () => socket.close(),
    };
  };
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Undefined where the browser forbids storage, as some do in frames. */
function storageOf(kind: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    return window[kind];
  } catch {
    return undefined;
  }
}

function keepDraft(drafts: Storage | undefined, text: string): void {
  try {
    drafts?.setItem(DRAFT, text);
  } catch {
    // A full storage loses only the draft of a reload.
  }
}
