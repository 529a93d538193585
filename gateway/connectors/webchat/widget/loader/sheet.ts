import type { ToFrame, ToPage } from '../bridge.ts';
import { element } from '../element.ts';
import { createFrame } from './frame.ts';
import { FULL_SCREEN } from './styles.ts';
import type { LoaderTexts } from './texts.ts';
import { followKeyboard } from './viewport.ts';

export interface SheetNeeds {
  /** Address of the chat's page. */
  readonly address: string;
  readonly onClose: () => void;
  readonly onMessage: (message: ToPage) => void;
}

export interface Sheet {
  readonly dialog: HTMLDialogElement;
  readonly isOpen: boolean;
  /** Makes the frame, unseen, so that it connects and counts what is unread. */
  prepare(): void;
  /** Shows it; with `focus` the focus moves into it. */
  open(focus: boolean): void;
  close(): void;
  /** To the frame, once it is there; nothing where there is none. */
  tell(message: ToFrame): void;
  setTexts(texts: LoaderTexts): void;
}

/** The dialog that holds the chat: a sheet in the corner, the whole screen on phones. */
export function createSheet({ address, onClose, onMessage }: SheetNeeds): Sheet {
  const status = element('p', { role: 'status' });
  const retry = element('button', { type: 'button', class: 'retry', hidden: '' });
  const close = element('button', { type: 'button' });
  const room = element('div', { class: 'room' }, element('div', { class: 'wait' }, status, retry, close));
  const dialog = element('dialog', { class: 'sheet', tabindex: '-1' }, room);
  const fullScreen = matchMedia(FULL_SCREEN);
  let isOpen = false;
  let takesFocus = false;
  let texts: LoaderTexts | undefined;

  const frame = createFrame(address, (event) => {
    if (event === 'failed') {
      status.textContent = texts?.failed ?? '';
      retry.hidden = false;
    } else {
      onMessage(event);
      if (event.type === 'ready' && isOpen) tellShown();
    }
  });
  const tellShown = () => {
    if (takesFocus) frame.focus();
    frame.tell({ type: 'shown', focus: takesFocus, fullScreen: fullScreen.matches });
    if (frame.isReady) takesFocus = false;
  };
  const present = () => {
    // By attribute: `show()` would take the focus even when the chat opens by itself.
    if (!fullScreen.matches || !dialog.showModal) dialog.setAttribute('open', '');
    else dialog.showModal();
  };
  const load = () => {
    status.textContent = texts?.opening ?? '';
    retry.hidden = true;
    frame.load(room, texts?.title ?? '');
  };
  const page = followKeyboard(dialog, fullScreen);

  retry.addEventListener('click', load);
  close.addEventListener('click', onClose);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    onClose();
  });
  dialog.addEventListener('close', () => {
    // The browser may close it without asking, such as on a second Back.
    if (isOpen && !dialog.open) onClose();
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) onClose();
  });
  const onTurned = () => {
    if (!isOpen) return;
    dialog.close?.();
    present();
    page.follow(true);
    takesFocus = true;
    tellShown();
  };
  // Safari before 14 has no listener on media queries; there the sheet keeps its kind until it is opened again.
  fullScreen.addEventListener?.('change', onTurned);

  return {
    dialog,
    get isOpen() {
      return isOpen;
    },
    prepare() {
      if (!frame.isLoaded) load();
    },
    open(focus) {
      if (isOpen) return;
      isOpen = true;
      takesFocus = focus;
      if (!frame.isLoaded) load();
      present();
      page.follow(true);
      if (frame.isReady) tellShown();
      else if (focus) dialog.focus();
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      page.follow(false);
      frame.tell({ type: 'hidden' });
      if (dialog.close) dialog.close();
      else dialog.removeAttribute('open');
    },
    tell: frame.tell,
    setTexts(next) {
      texts = next;
      dialog.setAttribute('aria-label', next.title);
      status.textContent = retry.hidden ? next.opening : next.failed;
      retry.textContent = next.retry;
      close.textContent = next.close;
      frame.setTitle(next.title);
    },
  };
}
