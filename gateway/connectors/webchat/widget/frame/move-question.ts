import { element } from '../element.ts';
import type { MoveQuestion } from './moving.ts';
import type { FrameTexts } from './texts.ts';

interface MoveQuestionNeeds {
  readonly onAgree: () => void;
  readonly onDecline: () => void;
}

/** The question whether a dialogue begun elsewhere goes on here; it stands in the place of the dialogue. */
export interface MoveQuestionView {
  readonly node: HTMLElement;
  /** Its heading, which takes the focus. */
  readonly title: HTMLElement;
  show(question: MoveQuestion | undefined, texts: FrameTexts['move']): void;
}

export function createMoveQuestion({ onAgree, onDecline }: MoveQuestionNeeds): MoveQuestionView {
  const title = element('h2', { id: 'move-title', tabindex: '-1' });
  const from = element('p', { class: 'from' });
  const text = element('p');
  const agree = element('button', { type: 'button', class: 'agree' });
  const decline = element('button', { type: 'button' });
  const node = element(
    'section',
    { class: 'move', 'aria-labelledby': 'move-title', hidden: '' },
    title,
    from,
    text,
    element('div', { class: 'answers' }, agree, decline),
  );
  agree.addEventListener('click', onAgree);
  decline.addEventListener('click', onDecline);
  return {
    node,
    title,
    show(question, texts) {
      node.hidden = question === undefined;
      if (!question) return;
      const asks = question.state === 'ask';
      const told = texts[question.state];
      title.textContent = told.title;
      text.textContent = told.text;
      from.hidden = !asks;
      from.textContent = asks
        ? [question.channel, question.contact].filter((part) => part !== undefined).join(', ')
        : '';
      agree.hidden = !asks;
      agree.textContent = texts.agree;
      decline.textContent = asks ? texts.decline : texts.begin;
    },
  };
}
