import type { Locale } from '../../../../model/contact.ts';
import { sizeText } from '../../../../web/dates.ts';
import { element } from '../element.ts';
import type { ShownFile } from './frames.ts';
import type { FrameTexts } from './texts.ts';

/** Draws a file of a message: a picture in place, anything else as a link that opens or saves it. */
export function drawFile(file: ShownFile, texts: FrameTexts, locale: Locale): HTMLElement {
  const name = file.name ?? texts.files[file.kind];
  if (file.path === undefined) return element('div', { class: 'file' }, name);
  const href = addressOf(file.path);
  const link = element('a', { class: 'file', href, target: '_blank', rel: 'noopener noreferrer' });
  if (file.isShown && (file.kind === 'image' || file.kind === 'sticker')) {
    link.classList.add('picture');
    // Its place is reserved by the style sheet, so that nothing jumps when it comes.
    link.append(element('img', { src: href, alt: name, loading: 'lazy' }));
    return link;
  }
  const size = file.size === undefined ? '' : ` (${sizeText(file.size, locale)})`;
  link.append(element('bdi', {}, name), size);
  return link;
}

/** The hub may stand below a path, as the page of the chat does. */
function addressOf(path: string): string {
  return new URL(`..${path}`, location.href).href;
}
