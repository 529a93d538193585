import type { Locale } from '../../../../model/contact.ts';
import { numberText } from '../../../../web/dates.ts';
import { element, icon } from '../element.ts';
import { icons } from './icons.ts';
import type { FrameTexts } from './texts.ts';

/** Longest message, UTF-16 units: in any script it stays below the 100 kB that the hub takes. */
const MAX_LENGTH = 30_000;

export interface ComposerNeeds {
  readonly onSend: (text: string) => void;
  readonly onTyping: () => void;
  /** What is written and not sent, after each change. */
  readonly onDraft: (text: string) => void;
}

export interface Composer {
  readonly node: HTMLElement;
  setTexts(texts: FrameTexts, locale: Locale): void;
  /** Puts a text before what is written already. */
  write(text: string): void;
  clear(): void;
  focus(): void;
}

/** The field and its button. Enter sends, Shift + Enter begins a line. */
export function createComposer({ onSend, onTyping, onDraft }: ComposerNeeds): Composer {
  const problem = element('p', { class: 'problem', id: 'problem', role: 'status' });
  const field = element('textarea', {
    rows: '1',
    dir: 'auto',
    enterkeyhint: 'send',
    autocomplete: 'off',
    'aria-describedby': 'problem',
  });
  const button = element('button', { type: 'submit', class: 'send' }, icon(icons.send, 22));
  const form = element('form', { class: 'composer' }, problem, field, button);
  let tooLong = '';

  const refresh = () => {
    field.style.height = 'auto';
    // The border is part of the height that is set, and not of the one that is read.
    field.style.height = `${field.scrollHeight + 2}px`;
    const isTooLong = field.value.length > MAX_LENGTH;
    field.setAttribute('aria-invalid', `${isTooLong}`);
    const text = isTooLong ? tooLong : '';
    if (problem.textContent !== text) problem.textContent = text;
    button.disabled = isTooLong || field.value.trim() === '';
  };
  const send = () => {
    if (button.disabled) return;
    const text = field.value;
    field.value = '';
    refresh();
    onDraft('');
    onSend(text);
    field.focus();
  };
  field.addEventListener('input', () => {
    refresh();
    onDraft(field.value);
    if (field.value !== '') onTyping();
  });
  field.addEventListener('keydown', (event) => {
    // Enter that ends a word of an input method sends nothing.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  const set = (text: string) => {
    field.value = text;
    refresh();
    onDraft(text);
  };

  return {
    node: form,
    setTexts(texts, locale) {
      field.setAttribute('aria-label', texts.field);
      field.placeholder = texts.field;
      button.setAttribute('aria-label', texts.send);
      button.title = texts.send;
      tooLong = texts.tooLong(numberText(MAX_LENGTH, locale));
      refresh();
    },
    write: (text) => set(field.value === '' ? text : `${text}\n${field.value}`),
    clear: () => set(''),
    focus: () => field.focus(),
  };
}
