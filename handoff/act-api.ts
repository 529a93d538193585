import { z } from 'zod';
import { problem } from '../gateway/access/api.ts';
import { MAX_PARAMETERS } from '../gateway/connectors/message-template.ts';
import { isStorable, STORABLE } from '../gateway/storable-text.ts';
import { wants } from '../gateway/wants.ts';
import { id, position } from './api.ts';

/** What people do at the desk, and what it answers. */

/** `epoch` is the one that the page showed: where it has moved on, 409 with code `conversation-changed`. */
export const ownerAct = z.object({ epoch: z.number().int() });
/** Well-formed Unicode without the null character: the store can keep nothing else. */
const storable = z.string().refine(isStorable, STORABLE);
/** `id` is made by the page; sent again, it counts once. Text of 1 to 100 000 characters, not only blanks. */
export const say = z.object({
  id: storable.min(1).max(64),
  text: storable
    .min(1)
    .max(100_000)
    .refine(
      (text) => text.trim() !== '',
      wants({ ru: 'здесь одни пробелы', en: 'there is nothing but blanks' }),
    ),
});
/** One of the conversation's `templates`, with what goes in the places of its parameters. */
const templateUse = z.object({
  name: z.string().max(512),
  language: z.string().max(10),
  parameters: z.array(storable.min(1).max(1_024)).max(MAX_PARAMETERS),
});
/** A reply has a text, or files that were uploaded by POST /api/v1/media, or both; or a template says it. */
export const reply = z
  .object({
    id: storable.min(1).max(64),
    text: storable.max(100_000).default(''),
    media: z.array(z.uuid()).max(10).default([]),
    template: templateUse.optional(),
  })
  .refine(
    ({ text, media, template }) => template !== undefined || text.trim() !== '' || media.length > 0,
    wants({ ru: 'нет ни текста, ни файла', en: 'there is neither a text nor a file' }),
  )
  .refine(
    ({ text, media, template }) => template === undefined || (text === '' && media.length === 0),
    wants({
      ru: 'шаблон идёт один, без своего текста и файлов',
      en: 'a template goes alone, without a text or files of its own',
    }),
  );
export const said = z.object({ seq: position });
/** Takes back what an operator sent. */
export const deletion = z.object({ id: storable.min(1).max(64) });
/** What operators can put under a message of the client; Telegram has a list of its own, and these are on it. */
export const REACTIONS = ['👍', '❤', '🙏', '👌', '🎉'] as const;
/** One reaction stands under a message from us; null takes it back. */
export const reaction = z.object({ id: storable.min(1).max(64), emoji: z.enum(REACTIONS).nullable() });
/** `to`: the channel to which the client wants to go on; its link is sent where it has one. */
export const moveAct = ownerAct.extend({ to: z.string().max(64).optional() });
/** Where a client can go on; `byLink`: by opening a link, else by writing or saying a code there. */
export const moveTargets = z.object({
  channels: z.array(z.object({ channel: z.string(), byLink: z.boolean() })),
});
export type MoveTarget = z.infer<typeof moveTargets>['channels'][number];
/** What a client's message was about: the id of one of `intentList`; null takes the label back. */
export const label = z.object({ intent: z.string().max(64).nullable() });
/** What a message can be about, in the order in which it is offered. */
export const intentList = z.object({
  intents: z.array(z.object({ id: z.string(), title: z.object({ ru: z.string(), en: z.string() }) })),
});
export type Intent = z.infer<typeof intentList>['intents'][number];
export const acted = z.object({ epoch: z.number().int(), seq: position });
/** The 409 of take; `operator` says who has the conversation where the code is `already-taken`. */
export const alreadyTaken = problem.extend({ operator: z.object({ id, name: z.string() }).optional() });
