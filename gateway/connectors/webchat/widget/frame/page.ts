import type { Locale } from '../../../../model/contact.ts';
import { element, icon } from '../element.ts';
import { createAnnouncer } from './announcer.ts';
import type { ChatState } from './chat.ts';
import { type ComposerNeeds, createComposer } from './composer.ts';
import type { Choice } from './frames.ts';
import { icons } from './icons.ts';
import { Log } from './log.ts';
import { createMoveQuestion, type MoveQuestionView } from './move-question.ts';
import type { RowDrawing } from './row-view.ts';
import { rowsOf } from './rows.ts';
import { type Answers, frameTexts } from './texts.ts';
import { type Entry, lastAnswering, type Transcript } from './transcript.ts';

export interface PageNeeds extends ComposerNeeds {
  readonly canClose: boolean;
  /** Milliseconds. */
  readonly now: () => number;
  readonly onClose: () => void;
  readonly onChoose: (choice: Choice) => void;
  readonly onRetry: (id: string) => void;
  /** Takes a message back and answers with its text. */
  readonly onTakeBack: (id: string) => string;
  /** Whether a dialogue begun elsewhere goes on here. */
  readonly onMoveAnswer: (isAgreed: boolean) => void;
  readonly onReconnect: () => void;
  /** The newest message came on the screen, or left it. */
  readonly onScroll: () => void;
}

/** The chat as the client sees it, whole. */
export class Page {
  readonly node: HTMLElement;
  readonly log: Log;
  readonly composer;
  readonly #needs: PageNeeds;
  readonly #announcer = createAnnouncer();
  readonly #title = element('h1', { tabindex: '-1' });
  readonly #answering = element('p', { class: 'answering' });
  readonly #close = element('button', { type: 'button', class: 'close' }, icon(icons.close, 22));
  readonly #introTitle = element('p', { class: 'greeting' });
  readonly #introText = element('p');
  readonly #notice = element('div', { class: 'notice', hidden: '' });
  readonly #noticeText = element('p', { role: 'status' });
  readonly #reconnect = element('button', { type: 'button' });
  readonly #typing = element('p', { class: 'typing' });
  readonly #callLabel = element('span');
  readonly #call = element(
    'button',
    { type: 'button', class: 'call' },
    icon(icons.person, 18),
    this.#callLabel,
  );
  readonly #safetyText = element('span');
  readonly #move: MoveQuestionView;
  #locale: Locale;
  #drawing: RowDrawing;
  #day = '';
  #isCalling = false;

  constructor(locale: Locale, needs: PageNeeds) {
    this.#needs = needs;
    this.#locale = locale;
    this.composer = createComposer(needs);
    this.log = new Log(element('div', { class: 'intro' }, this.#introTitle, this.#introText), needs);
    this.#move = createMoveQuestion({
      onAgree: () => this.#answerMove(true),
      onDecline: () => this.#answerMove(false),
    });
    this.#drawing = this.#newDrawing();
    this.#close.hidden = !needs.canClose;
    this.#notice.append(this.#noticeText, this.#reconnect);
    this.log.node.append(this.#notice);
    const mark = element('span', { class: 'mark' }, icon('M5 5h14v14H5zM12 5v14M5 12h14', 20));
    const names = element('div', { class: 'names' }, this.#title, this.#answering);
    const safety = element('p', { class: 'safety' }, icon(icons.shield, 14), this.#safetyText);
    this.node = element(
      'main',
      { class: 'chat' },
      element('header', {}, mark, names, this.#close),
      this.#move.node,
      this.log.node,
      element('div', { class: 'bar' }, this.#typing, this.#call),
      this.composer.node,
      safety,
      this.#announcer.node,
    );
    this.#close.addEventListener('click', needs.onClose);
    this.#reconnect.addEventListener('click', needs.onReconnect);
    this.#call.addEventListener('click', () => {
      if (!this.#isCalling) needs.onSend(frameTexts[this.#locale].callPersonSays);
    });
    this.node.addEventListener('dragover', (event) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    });
    this.node.addEventListener('drop', (event) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      this.composer.attach(files);
    });
    this.setLocale(locale);
  }

  setLocale(locale: Locale): void {
    const texts = frameTexts[locale];
    this.#locale = locale;
    this.#drawing = this.#newDrawing();
    document.documentElement.lang = locale;
    document.title = texts.title;
    this.#title.textContent = texts.title;
    this.#close.setAttribute('aria-label', texts.close);
    this.#close.title = texts.close;
    this.#introTitle.textContent = texts.introTitle;
    this.#introText.textContent = texts.intro;
    this.#reconnect.textContent = texts.retry;
    this.#safetyText.textContent = texts.safety;
    this.composer.setTexts(texts, locale);
  }

  /** Draws the state; `isOnline` is the browser's word. */
  show(state: ChatState, isOnline: boolean): void {
    const texts = frameTexts[this.#locale];
    const today = new Date(this.#needs.now()).toDateString();
    if (today !== this.#day) this.#drawing = this.#newDrawing();
    this.#day = today;
    const isOpen = state.link === 'open';
    const isLoading = !state.isCaughtUp && (isOpen || state.link === 'connecting');
    const shown = isLoading ? state.transcript.filter((entry) => entry.state !== 'stored') : state.transcript;
    this.log.show(rowsOf(shown, isOpen), this.#drawing, isLoading);
    this.log.showJump(texts, state.unread);
    this.#answering.textContent = isOpen || !isOnline ? texts.answers[answersNow(state)] : texts.connecting;
    this.#typing.textContent = state.typing ? texts.typing[state.typing] : '';
    this.composer.setMaxFile(state.maxFile);
    this.#showMove(state.move);
    this.#showNotice(state.link, isOnline);
    this.#offerPeople(state.answering !== 'people');
    this.#isCalling = isCalling(state.transcript, texts.callPersonSays);
    this.#call.setAttribute('aria-disabled', `${this.#isCalling}`);
    this.#callLabel.textContent = this.#isCalling ? texts.calling : texts.callPerson;
  }

  /** Reads a new message out. */
  announce(entry: Entry): void {
    const texts = frameTexts[this.#locale];
    const files = (entry.files ?? []).map(({ kind, name }) => name ?? texts.files[kind]);
    const said = [...files, entry.text].filter((part) => part !== '').join(', ');
    this.#announcer.announce(`${texts.authors[entry.from]}: ${said}`);
  }

  /** Reads out that a message was not sent. */
  announceFailure(): void {
    this.#announcer.announce(frameTexts[this.#locale].sending.failed);
  }

  /** The client is to write what a button asked for. */
  askFor(what: 'writeNumber' | 'writePlace'): void {
    this.composer.askFor(frameTexts[this.#locale][what]);
  }

  get locale(): Locale {
    return this.#locale;
  }

  /** Puts the focus where writing begins; on a phone on the title, so that its keyboard does not hide the messages. */
  focus(isTouch: boolean): void {
    if (isTouch) this.#title.focus();
    else this.composer.focus();
  }

  #showMove(question: ChatState['move']): void {
    const isNew = question !== undefined && this.#move.node.hidden;
    const hadFocus = this.node.contains(document.activeElement);
    this.#move.show(question, frameTexts[this.#locale].move);
    this.node.classList.toggle('asking', question !== undefined);
    if (!isNew) return;
    this.#announcer.announce(this.#move.title.textContent ?? '');
    if (hadFocus) this.#move.title.focus();
  }

  #answerMove(isAgreed: boolean): void {
    this.#needs.onMoveAnswer(isAgreed);
    this.composer.focus();
  }

  /** A call for people is offered while they do not have the conversation. */
  #offerPeople(isOffered: boolean): void {
    if (this.#call.hidden === !isOffered) return;
    if (document.activeElement === this.#call) this.composer.focus();
    this.#call.hidden = !isOffered;
  }

  #showNotice(link: ChatState['link'], isOnline: boolean): void {
    const what =
      link === 'refused' ? 'refused' : !isOnline ? 'offline' : link === 'lost' ? 'lost' : undefined;
    const text = what === undefined ? '' : frameTexts[this.#locale].notices[what];
    this.#notice.hidden = what === undefined;
    this.log.node.classList.toggle('noticed', what !== undefined);
    this.#reconnect.hidden = what === 'offline';
    if (this.#noticeText.textContent !== text) this.#noticeText.textContent = text;
  }

  #newDrawing(): RowDrawing {
    return {
      texts: frameTexts[this.#locale],
      locale: this.#locale,
      now: this.#needs.now(),
      onChoose: this.#needs.onChoose,
      onRetry: this.#needs.onRetry,
      onTakeBack: (id) => {
        this.composer.write(this.#needs.onTakeBack(id));
        this.composer.focus();
      },
    };
  }
}

/** Who answers: by the hub's word where it came, else by who spoke last. */
function answersNow({ answering, transcript }: ChatState): Answers {
  const last = lastAnswering(transcript);
  if (answering === 'people') return last === 'operator' ? 'operator' : 'waiting';
  return answering ?? last;
}

/** True from the client's call for a person until somebody answers or the client writes on. */
function isCalling(transcript: Transcript, says: string): boolean {
  const sent = transcript.filter(({ state }) => state !== 'failed');
  const last = sent[sent.length - 1];
  return last?.from === 'client' && last.text === says;
}
