import { post, readToPage, type ToFrame, type ToPage } from '../bridge.ts';
import { element } from '../element.ts';

/** A frame that has not said `ready` by then counts as failed, milliseconds. */
const PATIENCE_MS = 15_000;

export interface Frame {
  readonly isLoaded: boolean;
  readonly isReady: boolean;
  /** Loads the chat's page into the room, again where it failed. */
  load(room: HTMLElement, title: string): void;
  /** Says it to the chat; dropped until that is ready. */
  tell(message: ToFrame): void;
  focus(): void;
  setTitle(title: string): void;
}

/** The chat's page in a frame of its own origin. It is created by `load`, so that before it nothing is fetched. */
export function createFrame(address: string, onEvent: (event: ToPage | 'failed') => void): Frame {
  const origin = new URL(address).origin;
  let frame: HTMLIFrameElement | undefined;
  let isReady = false;
  let patience: ReturnType<typeof setTimeout> | undefined;

  window.addEventListener('message', (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
    const message = readToPage(event.data);
    if (!message) return;
    if (message.type === 'ready') {
      isReady = true;
      clearTimeout(patience);
      frame.classList.remove('waiting');
    }
    onEvent(message);
  });

  return {
    get isLoaded() {
      return frame !== undefined;
    },
    get isReady() {
      return isReady;
    },
    load(room, title) {
      frame?.remove();
      isReady = false;
      // Asked for only where the client presses a button that says so; the browser asks them once more.
      frame = element('iframe', { src: address, title, class: 'waiting', allow: 'geolocation' });
      room.append(frame);
      clearTimeout(patience);
      patience = setTimeout(() => onEvent('failed'), PATIENCE_MS);
    },
    tell(message) {
      if (isReady && frame?.contentWindow) post(frame.contentWindow, message, origin);
    },
    focus() {
      frame?.focus();
    },
    setTitle(title) {
      if (frame) frame.title = title;
    },
  };
}
