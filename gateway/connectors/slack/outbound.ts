import type { types } from '@slack/bolt';
import type { Choice } from '../../model/content.ts';
import { escapeText } from './text.ts';

/** The longest text of a section block (https://docs.slack.dev/reference/block-kit/blocks/section-block). */
const MAX_SECTION = 3000;

/** Blocks are needed only for buttons; a text alone is sent as such. */
export function blocksOf(text: string, choices: readonly Choice[]): types.KnownBlock[] {
  const sections = text.length > 0 ? sectionsOf(escapeText(text)) : [];
  return [
    ...sections,
    {
      type: 'actions',
      elements: choices.map(buttonOf),
    },
  ];
}

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const MAX_LABEL = 75;

/** What begins so only opens an address, and yet Slack tells that it was pressed (the same page, `url`). */
export const LINK_ACTION = 'link-';

function buttonOf(choice: Choice, index: number): types.Button {
  const text = {
    type: 'plain_text',
    text: escapeText(choice.text).slice(0, MAX_LABEL),
    emoji: false,
  } as const;
  // An action's id is unique within the block; which answer was pressed is told by `value`.
  return choice.kind === 'link'
    ? { type: 'button', action_id: `${LINK_ACTION}${index}`, text, url: choice.url }
    : { type: 'button', action_id: `choice-${index}`, text, value: choice.id };
}

export function sectionsOf(text: string): types.SectionBlock[] {
  const sections: types.SectionBlock[] = [];
  for (let from = 0; from < text.length; from += MAX_SECTION) {
    const piece = text.slice(from, from + MAX_SECTION);
    sections.push({ type: 'section', text: { type: 'plain_text', text: piece, emoji: false } });
  }
  return sections;
}
