import type { Locale } from '../../../model/contact.ts';

/** What the bank's page tells the chat in its frame. */
export type ToFrame =
  /** The sheet is on the screen; `focus`: the client opened it just now. */
  | { readonly type: 'shown'; readonly focus: boolean; readonly fullScreen: boolean }
  | { readonly type: 'hidden' }
  /** The bank's signed word who the client is; null: signed out, so the frame forgets the conversation. */
  | { readonly type: 'identify'; readonly token: string | null }
  | { readonly type: 'locale'; readonly locale: Locale }
  /** The one-time link with which the client came from another channel. */
  | { readonly type: 'move'; readonly link: string };

/** What the frame tells the page. Nothing of the conversation but how much of it is unread, and who it is for. */
export type ToPage =
  | { readonly type: 'ready' }
  | { readonly type: 'close' }
  /** The hub did not take the bank's signed word: the page has to sign another. */
  | { readonly type: 'identity-refused' }
  | { readonly type: 'unread'; readonly count: number };

interface Loose {
  readonly okno?: unknown;
  readonly type?: unknown;
  readonly focus?: unknown;
  readonly fullScreen?: unknown;
  readonly token?: unknown;
  readonly locale?: unknown;
  readonly link?: unknown;
  readonly count?: unknown;
}

/** Sends to the other side; `origin` is the only one that may read it. */
export function post(target: Window, message: ToFrame | ToPage, origin: string): void {
  target.postMessage({ okno: 1, ...message }, origin);
}

/**
 * Reads a message from the page; undefined for anything else. By hand: the loader shares this file and has 5 KB.
 * The caller checks where it came from.
 */
export function readToFrame(data: unknown): ToFrame | undefined {
  const message = loose(data);
  switch (message?.type) {
    case 'shown':
      return { type: 'shown', focus: message.focus === true, fullScreen: message.fullScreen === true };
    case 'hidden':
      return { type: 'hidden' };
    case 'identify':
      if (typeof message.token !== 'string' && message.token !== null) return undefined;
      return { type: 'identify', token: message.token };
    case 'move':
      return typeof message.link === 'string' ? { type: 'move', link: message.link } : undefined;
    case 'locale':
      if (message.locale !== 'ru' && message.locale !== 'en') return undefined;
      return { type: 'locale', locale: message.locale };
    default:
      return undefined;
  }
}

/** Reads a message from the frame; undefined for anything else. The caller checks where it came from. */
export function readToPage(data: unknown): ToPage | undefined {
  const message = loose(data);
  switch (message?.type) {
    case 'ready':
    case 'close':
    case 'identity-refused':
      return { type: message.type };
    case 'unread':
      return typeof message.count === 'number' ? { type: 'unread', count: message.count } : undefined;
    default:
      return undefined;
  }
}

function loose(data: unknown): Loose | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const message: Loose = data;
  return message.okno === 1 ? message : undefined;
}
