import type { Locale } from '../../../../model/contact.ts';
import { clockTime, dayTitle, fullTime, numberText } from '../../../../web/dates.ts';
import { shorten } from '../../../../web/transcript/shorten.ts';
import { element, icon } from '../element.ts';
import { drawFile } from './file-view.ts';
import type { Choice } from './frames.ts';
import { icons } from './icons.ts';
import { findLinks } from './links.ts';
import type { MessageRow, Offer, Row } from './rows.ts';
import type { FrameTexts } from './texts.ts';
import type { Entry } from './transcript.ts';

export interface RowDrawing {
  readonly texts: FrameTexts;
  readonly locale: Locale;
  /** Milliseconds. */
  readonly now: number;
  readonly onChoose: (choice: Choice) => void;
  readonly onRetry: (id: string) => void;
  readonly onTakeBack: (id: string) => void;
}

/** Draws a line of the chat. What people wrote becomes text nodes only. `data-part` names what can have the focus. */
export function drawRow(row: Row, drawing: RowDrawing): HTMLElement {
  if (row.kind === 'day') {
    const title = dayTitle(iso(row.at), drawing.now, drawing.locale);
    return element('div', { class: 'day' }, element('span', {}, title));
  }
  if (row.kind === 'line') return drawLine(row.entry, drawing);
  return drawMessage(row, drawing);
}

function drawLine(entry: Entry, { texts, locale }: RowDrawing): HTMLElement {
  const who = element('span', { class: 'unseen' }, `${texts.authors.system}: `);
  const said = element('span', { dir: 'auto', class: 'said' }, entry.text);
  return element('div', { class: 'line' }, who, said, ' ', drawTime(entry.at, locale));
}

function drawMessage(row: MessageRow, drawing: RowDrawing): HTMLElement {
  const { entry, isFirst, isLast, sending, offers } = row;
  const { texts, locale } = drawing;
  const isOwn = entry.from === 'client';
  const sides = `${isOwn ? 'own' : 'theirs'}${isFirst ? ' first' : ''}${isLast ? ' last' : ''}`;
  const message = element('div', { class: `message ${sides}` });
  const isNamed = isFirst && !isOwn;
  message.append(
    element(
      'div',
      { class: isNamed ? 'author' : 'unseen' },
      isNamed ? texts.authors[entry.from] : `${texts.authors[entry.from]}: `,
    ),
    element(
      'div',
      { class: `bubble${sending === 'failed' ? ' failed' : ''}` },
      ...drawContent(entry, drawing),
    ),
  );
  if (entry.reactions?.length) {
    const shown = entry.reactions.join(' ');
    message.append(
      element(
        'div',
        { class: 'reactions', role: 'img', 'aria-label': `${texts.reactions}: ${shown}` },
        shown,
      ),
    );
  }
  if (offers) message.append(drawOffers(offers, drawing));
  if (isLast || sending !== undefined || entry.isEdited) {
    const about = element('div', { class: 'about' }, drawTime(entry.at, locale));
    if (entry.isEdited && !entry.isDeleted) about.append(element('span', {}, texts.edited));
    if (sending !== undefined) about.append(drawSending(sending, entry.failure, texts));
    message.append(about);
  }
  if (sending === 'failed') message.append(drawFailure(entry.id, drawing));
  return message;
}

function drawContent(entry: Entry, drawing: RowDrawing): HTMLElement[] {
  if (entry.isDeleted) return [element('em', { class: 'said' }, drawing.texts.deleted)];
  const files = (entry.files ?? []).map((file) => drawFile(file, drawing.texts, drawing.locale));
  return entry.text === '' && files.length > 0 ? files : [...files, ...drawText(entry, drawing)];
}

function drawText(entry: Entry, { texts, locale }: RowDrawing): HTMLElement[] {
  const said = element('div', { class: 'said', dir: 'auto' });
  const short = shorten(entry.text);
  const isCut = short.length < entry.text.length;
  const fill = (text: string) =>
    said.replaceChildren(...(entry.from === 'client' ? [text] : drawPieces(text)));
  fill(isCut ? `${short}…` : entry.text);
  if (!isCut) return [said];
  const more = element('button', {
    type: 'button',
    class: 'more',
    'data-part': 'more',
    'aria-expanded': 'false',
  });
  let isWhole = false;
  const label = () => {
    more.textContent = isWhole ? texts.showLess : texts.showAll(numberText(entry.text.length, locale));
    more.setAttribute('aria-expanded', `${isWhole}`);
  };
  more.addEventListener('click', () => {
    isWhole = !isWhole;
    fill(isWhole ? entry.text : `${short}…`);
    label();
  });
  label();
  return [said, more];
}

function drawPieces(text: string): (Node | string)[] {
  return findLinks(text).map((piece) =>
    piece.address === undefined
      ? piece.text
      : element('a', { href: piece.address, target: '_blank', rel: 'noopener noreferrer' }, piece.text),
  );
}

function drawOffers(offers: readonly Offer[], drawing: RowDrawing): HTMLElement {
  const { texts, onChoose } = drawing;
  const isScale = offers.every(({ id }) => id.startsWith('rate:'));
  const group = element('div', {
    class: `offers${isScale ? ' scale' : ''}`,
    role: 'group',
    'aria-label': texts.choices,
  });
  offers.forEach((offer, index) => {
    const { id, text, state, kind } = offer;
    if (kind === 'link') {
      group.append(drawLink(offer, texts));
      return;
    }
    const shown = isScale ? `${index + 1}` : text;
    const name = isScale ? `${shown}, ${text}` : text;
    const button = element(
      'button',
      { type: 'button', class: `offer ${state}`, 'data-part': `offer ${id}`, dir: 'auto' },
      ...(state === 'chosen' && !isScale ? [icon(icons.check, 16)] : []),
      ...(kind === undefined ? [] : [icon(icons[kind], 16)]),
      element('span', {}, shown),
    );
    if (isScale) button.title = text;
    if (isScale || state === 'chosen')
      button.setAttribute('aria-label', state === 'chosen' ? `${name}, ${texts.chosen}` : name);
    if (state === 'open') button.addEventListener('click', () => onChoose({ id, text, kind }));
    else {
      // Not `disabled`: the focus stays where it was, and the text stays readable.
      button.setAttribute('aria-disabled', 'true');
      button.tabIndex = -1;
    }
    group.append(button);
  });
  if (isScale) group.append(...drawEnds(offers));
  return group;
}

/** A link opens beside the chat, and its page learns nothing of the page that embeds it. */
function drawLink({ id, text, url = '' }: Offer, texts: FrameTexts): HTMLElement {
  return element(
    'a',
    {
      class: 'offer open link',
      href: url,
      target: '_blank',
      rel: 'noopener noreferrer',
      'data-part': `offer ${id}`,
      dir: 'auto',
      title: url,
    },
    element('span', {}, text),
    element('span', { class: 'unseen' }, ` (${texts.opensBeside})`),
    icon(icons.link, 16),
  );
}

/** What the first and the last number of a scale mean, for those who look; each button says its own. */
function drawEnds(offers: readonly Offer[]): HTMLElement[] {
  return [offers[0], offers.at(-1)].map((offer) =>
    element('span', { class: 'end', 'aria-hidden': 'true' }, offer?.text ?? ''),
  );
}

function drawSending(
  sending: NonNullable<MessageRow['sending']>,
  failure: string | undefined,
  texts: FrameTexts,
): HTMLElement {
  const drawn = {
    sending: 'clock',
    waiting: 'clock',
    failed: 'alert',
    stored: 'check',
    read: 'check',
  } as const;
  const why = failure === undefined ? undefined : texts.failures[failure];
  const text = texts.sending[sending] + (why === undefined ? '' : `: ${why}`);
  return element(
    'span',
    { class: `sending ${sending}` },
    icon(icons[drawn[sending]], 14),
    element('span', {}, text),
  );
}

function drawFailure(id: string, { texts, onRetry, onTakeBack }: RowDrawing): HTMLElement {
  const again = element('button', { type: 'button', 'data-part': 'again' }, texts.retry);
  const change = element('button', { type: 'button', 'data-part': 'change' }, texts.change);
  again.addEventListener('click', () => onRetry(id));
  change.addEventListener('click', () => onTakeBack(id));
  return element('div', { class: 'failure' }, again, change);
}

function drawTime(at: number, locale: Locale): HTMLElement {
  const when = iso(at);
  return element('time', { datetime: when, title: fullTime(when, locale) }, clockTime(when, locale));
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
