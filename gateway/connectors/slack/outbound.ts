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
      elements: choices.map((choice, index) => ({
        type: 'button',
        // Unique within the block; what was pressed is told by `value`.
        action_id: `choice-${index}`,
        text: { type: 'plain_text', text: escapeText(choice.text).slice(0, MAX_LABEL), emoji: false },
        value: choice.id,
      })),
    },
  ];
}

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const MAX_LABEL = 75;

export function sectionsOf(text: string): types.SectionBlock[] {
  const sections: types.SectionBlock[] = [];
  for (let from = 0; from < text.length; from += MAX_SECTION) {
    const piece = text.slice(from, from + MAX_SECTION);
    sections.push({ type: 'section', text: { type: 'plain_text', text: piece, emoji: false } });
  }
  return sections;
}
