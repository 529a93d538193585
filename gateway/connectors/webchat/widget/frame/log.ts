import { element, icon } from '../element.ts';
import { icons } from './icons.ts';
import { drawRow, type RowDrawing } from './row-view.ts';
import { isSameRow, type Row } from './rows.ts';
import type { FrameTexts } from './texts.ts';

/** Closer to the end than this the client reads the newest, pixels. */
const NEAR_END_PX = 32;

export interface LogNeeds {
  /** The newest came on the screen, or left it. */
  readonly onScroll: () => void;
}

/** The messages: drawn where they changed, kept at the newest unless the client reads older ones. */
export class Log {
  readonly node: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #rows = element('div', { class: 'rows' });
  readonly #skeleton: HTMLElement;
  readonly #jump: HTMLButtonElement;
  readonly #drawn = new Map<string, { readonly row: Row; readonly node: HTMLElement }>();
  readonly #onScroll: () => void;
  #drawing: RowDrawing | undefined;
  #isAtEnd = true;
  /** False while the frame is not on the screen and so has no scroll position of its own. */
  #isShown = false;
  #keptTop = 0;

  constructor(intro: HTMLElement, { onScroll }: LogNeeds) {
    this.#onScroll = onScroll;
    this.#skeleton = element('div', { class: 'skeleton', hidden: '' }, ...[0, 1, 2].map(() => element('i')));
    // Not live itself: it would read out the whole history. What is new is told by the announcer.
    this.#scroller = element('div', { class: 'log', role: 'log', tabindex: '0', 'aria-live': 'off' });
    this.#scroller.append(intro, this.#skeleton, this.#rows);
    this.#jump = element('button', { type: 'button', class: 'jump', hidden: '' });
    this.node = element('div', { class: 'thread' }, this.#scroller, this.#jump);
    this.#jump.addEventListener('click', () => {
      this.toEnd();
      this.#scroller.focus();
    });
    this.#scroller.addEventListener('scroll', () => {
      if (!this.#isShown) return;
      const wasAtEnd = this.#isAtEnd;
      this.#isAtEnd = this.#distance() <= NEAR_END_PX;
      if (this.#isAtEnd !== wasAtEnd) onScroll();
    });
    // The keyboard of a phone, a growing field, an opened long message.
    new ResizeObserver(() => this.#keepPlace()).observe(this.#scroller);
  }

  /** True while the newest message is on the screen. */
  get isAtEnd(): boolean {
    return this.#isShown && this.#isAtEnd;
  }

  setShown(isShown: boolean): void {
    if (!isShown && this.#isShown) this.#keptTop = this.#scroller.scrollTop;
    this.#isShown = isShown;
    if (!isShown) return;
    if (this.#isAtEnd) this.toEnd();
    else this.#scroller.scrollTop = this.#keptTop;
  }

  toEnd(): void {
    const wasAtEnd = this.#isAtEnd;
    this.#isAtEnd = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    if (!wasAtEnd) this.#onScroll();
  }

  focus(): void {
    this.#scroller.focus();
  }

  /** Draws what changed; with another `drawing` (language, day) everything. */
  show(rows: readonly Row[], drawing: RowDrawing, isLoading: boolean): void {
    const hadFocus = this.#focusedPart();
    if (drawing !== this.#drawing) this.#drawn.clear();
    this.#drawing = drawing;
    this.#scroller.setAttribute('aria-label', drawing.texts.messages);
    this.#skeleton.hidden = !isLoading;
    const nodes = rows.map((row) => this.#nodeOf(row, drawing));
    this.#forget(rows);
    arrange(this.#rows, nodes);
    if (hadFocus && !this.#rows.contains(document.activeElement)) this.#restoreFocus(hadFocus);
    this.#keepPlace();
  }

  /** Offers the way to the newest while the client reads older messages. */
  showJump(texts: FrameTexts, unread: number): void {
    this.#jump.hidden = this.#isAtEnd;
    const label = unread > 0 ? texts.newMessages(unread) : texts.toNewest;
    const text = element('span', { class: unread > 0 ? '' : 'unseen' }, label);
    this.#jump.replaceChildren(icon(icons.down, 18), text);
  }

  #nodeOf(row: Row, drawing: RowDrawing): HTMLElement {
    const drawn = this.#drawn.get(row.key);
    if (drawn && isSameRow(drawn.row, row)) return drawn.node;
    const node = drawRow(row, drawing);
    node.dataset.key = row.key;
    this.#drawn.set(row.key, { row, node });
    return node;
  }

  #forget(rows: readonly Row[]): void {
    if (this.#drawn.size === rows.length) return;
    const keys = new Set(rows.map(({ key }) => key));
    for (const key of this.#drawn.keys()) if (!keys.has(key)) this.#drawn.delete(key);
  }

  #distance(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #keepPlace(): void {
    if (this.#isShown && this.#isAtEnd) this.toEnd();
  }

  #focusedPart(): { key: string; part: string } | undefined {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || !this.#rows.contains(focused)) return undefined;
    const key = focused.closest<HTMLElement>('[data-key]')?.dataset.key;
    const { part } = focused.dataset;
    return key === undefined || part === undefined ? undefined : { key, part };
  }

  /** A line was drawn anew under the focus: back to the same button, or else to the messages. */
  #restoreFocus({ key, part }: { key: string; part: string }): void {
    const node = this.#drawn.get(key)?.node;
    const same = [...(node?.querySelectorAll<HTMLElement>('[data-part]') ?? [])].find(
      (each) => each.dataset.part === part,
    );
    (same ?? this.#scroller).focus({ preventScroll: true });
  }
}

/** Makes the children of `parent` exactly `nodes`, moving no more than needed. */
function arrange(parent: HTMLElement, nodes: readonly HTMLElement[]): void {
  const wanted = new Set<Node>(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let next: ChildNode | null = parent.firstChild;
  for (const node of nodes) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}
