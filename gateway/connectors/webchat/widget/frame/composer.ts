import type { Locale } from '../../../../model/contact.ts';
import { numberText } from '../../../../web/dates.ts';
import { element, icon } from '../element.ts';
import { icons } from './icons.ts';
import type { FrameTexts } from './texts.ts';

/** Longest message, UTF-16 units: in any script it stays below the 100 kB that the hub takes. */
const MAX_LENGTH = 30_000;

export interface ComposerNeeds {
  readonly onSend: (text: string) => void;
  /** Files that were chosen, pasted or dropped; what is too long was left out, and said. */
  readonly onFiles: (files: readonly File[]) => void;
  readonly onTyping: () => void;
  /** What is written and not sent, after each change. */
  readonly onDraft: (text: string) => void;
}

export interface Composer {
  readonly node: HTMLElement;
  setTexts(texts: FrameTexts, locale: Locale): void;
  /** Takes files as if they were chosen here. */
  attach(files: readonly File[]): void;
  /** Longest file, bytes; undefined: not known yet, and none can be sent. */
  setMaxFile(bytes: number | undefined): void;
  /** Puts a text before what is written already. */
  write(text: string): void;
  clear(): void;
  focus(): void;
  /** Says over the field what to write there, until the next message, and puts the focus into it. */
  askFor(what: string): void;
}

/** The field and its button. Enter sends, Shift + Enter begins a line. */
export function createComposer({ onSend, onFiles, onTyping, onDraft }: ComposerNeeds): Composer {
  const problem = element('p', { class: 'problem', id: 'problem', role: 'status' });
  const field = element('textarea', {
    rows: '1',
    dir: 'auto',
    enterkeyhint: 'send',
    autocomplete: 'off',
    'aria-describedby': 'problem',
  });
  const button = element('button', { type: 'submit', class: 'send' }, icon(icons.send, 22));
  const picker = element('input', { type: 'file', multiple: '', hidden: '' });
  const clip = element('button', { type: 'button', class: 'clip' }, icon(icons.clip, 22));
  const form = element('form', { class: 'composer' }, problem, clip, picker, field, button);
  let hint = '';
  let tooLong = '';
  let fileProblem = '';
  let maxFile: number | undefined;
  let limitOf = (_bytes: number) => '';

  const attach = (files: readonly File[]) => {
    if (maxFile === undefined || files.length === 0) return;
    const limit = maxFile;
    const fitting = files.filter(({ size }) => size > 0 && size <= limit);
    fileProblem = fitting.length < files.length ? limitOf(limit) : '';
    refresh();
    if (fitting.length > 0) onFiles(fitting);
  };

  const refresh = () => {
    field.style.height = 'auto';
    // The border is part of the height that is set, and not of the one that is read.
    field.style.height = `${field.scrollHeight + 2}px`;
    const isTooLong = field.value.length > MAX_LENGTH;
    field.setAttribute('aria-invalid', `${isTooLong}`);
    const trouble = isTooLong ? tooLong : fileProblem;
    const text = trouble || hint;
    problem.classList.toggle('hint', trouble === '');
    if (problem.textContent !== text) problem.textContent = text;
    button.disabled = isTooLong || field.value.trim() === '';
  };
  const send = () => {
    if (button.disabled) return;
    const text = field.value;
    field.value = '';
    hint = '';
    refresh();
    onDraft('');
    onSend(text);
    field.focus();
  };
  clip.addEventListener('click', () => picker.click());
  picker.addEventListener('change', () => {
    attach([...(picker.files ?? [])]);
    picker.value = '';
    field.focus();
  });
  field.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    attach(files);
  });
  field.addEventListener('input', () => {
    fileProblem = '';
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
      clip.setAttribute('aria-label', texts.attach);
      limitOf = (bytes) => texts.fileLimit(numberText(Math.floor(bytes / 1024 ** 2), locale));
      tooLong = texts.tooLong(numberText(MAX_LENGTH, locale));
      refresh();
    },
    attach,
    setMaxFile(bytes) {
      maxFile = bytes;
      clip.disabled = bytes === undefined;
      if (bytes !== undefined) clip.title = limitOf(bytes);
    },
    write(text) {
      if (text !== '') set(field.value === '' ? text : `${text}\n${field.value}`);
    },
    clear: () => set(''),
    focus: () => field.focus(),
    askFor(what) {
      hint = what;
      refresh();
      field.focus();
    },
  };
}
