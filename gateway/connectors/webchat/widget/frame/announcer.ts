import { element } from '../element.ts';

/** Longest text that is read out, characters. */
const MAX_READ = 600;
const KEPT = 3;

/** Reads out what is new to those who listen instead of looking. */
export function createAnnouncer(): { readonly node: HTMLElement; announce(text: string): void } {
  const node = element('div', { class: 'unseen', 'aria-live': 'polite', 'aria-relevant': 'additions' });
  return {
    node,
    announce(text) {
      node.append(element('p', {}, text.length > MAX_READ ? `${text.slice(0, MAX_READ)}…` : text));
      while (node.childElementCount > KEPT) node.firstElementChild?.remove();
    },
  };
}
