import { element, icon } from '../element.ts';
import type { LoaderTexts } from './texts.ts';

export interface Launcher {
  readonly button: HTMLButtonElement;
  /** Tells screen readers of new messages while the chat is closed. */
  readonly news: HTMLElement;
  show(texts: LoaderTexts, unread: number): void;
}

const BUBBLE = 'M8 9h8M8 13h5M18 4a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-5l-5 3v-3H6a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z';

/** The button in the corner of the bank's page. */
export function createLauncher(onPress: () => void): Launcher {
  const label = element('span');
  const badge = element('span', { class: 'count', hidden: '' });
  const button = element(
    'button',
    { type: 'button', class: 'launcher', 'aria-haspopup': 'dialog' },
    icon(BUBBLE, 24),
    label,
    badge,
  );
  const news = element('p', { class: 'unseen', role: 'status' });
  button.addEventListener('click', onPress);
  let known = 0;
  return {
    button,
    news,
    show(texts, unread) {
      label.textContent = texts.chat;
      badge.hidden = unread === 0;
      badge.textContent = unread > 99 ? '99+' : `${unread}`;
      button.setAttribute('aria-label', unread ? `${texts.title}: ${texts.unread(unread)}` : texts.title);
      if (unread > known && !button.hidden) news.textContent = `${texts.title}: ${texts.unread(unread)}`;
      else if (unread === 0) news.textContent = '';
      known = unread;
    },
  };
}
