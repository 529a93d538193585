import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../gateway/access/api.ts';
import { requirePermission } from '../gateway/access/guard.ts';
import { contentOf, findTemplate, type MessageTemplate } from '../gateway/connectors/message-template.ts';
import type { Live } from '../gateway/live.ts';
import type { Content, MediaContent, TemplateUse } from '../gateway/model/content.ts';
import type { ChannelId, ConversationId } from '../gateway/model/ids.ts';
import { PROBLEMS, Problem } from '../gateway/problem.ts';
import type { Database } from '../gateway/store/database.ts';
import { uploadedMedia } from '../gateway/store/media.ts';
import { reply, said, say } from './act-api.ts';
import { actingOf } from './acting.ts';
import { refuseReply } from './acts.ts';
import { conversationId } from './conversation-id.ts';
import type { Acting, Operators, Said } from './operators.ts';
import { DESK_PROBLEMS } from './problems.ts';
import { problemOf } from './refusals.ts';
import { readOwnership } from './store/ownership.ts';
import { findReplyPlace } from './store/reply-place.ts';

export interface SayRoutesOptions {
  readonly db: Database;
  readonly live: Live;
  readonly operators: Operators;
  readonly templatesOn: (channel: ChannelId) => readonly MessageTemplate[];
  readonly isOn: (channel: ChannelId) => boolean;
}

/** 100 000 characters, each escaped as \uXXXX at worst, and the rest of the body. */
const MAX_SAY_BYTES = 100_000 * 6 + 1_024;
const MAX_TYPING_BYTES = 1_024;

/** What operators say: to the client, to each other, and that they are about to. */
export const sayRoutes: FastifyPluginAsyncZod<SayRoutesOptions> = async (app, options) => {
  const { db, live, operators } = options;
  const common = { tags: ['desk'], params: z.object({ id: conversationId }) };
  const refusals = { 400: problem, 401: problem, 403: problem, 404: problem };
  const mayAnswer = requirePermission('desk.answer');

  app.route({
    method: 'POST',
    url: '/api/v1/conversations/:id/messages',
    onRequest: mayAnswer,
    bodyLimit: MAX_SAY_BYTES,
    schema: {
      ...common,
      summary: 'Say something to the client',
      body: reply,
      response: { 200: said, ...refusals, 409: problem },
    },
    handler: async (request) =>
      saidOrRefused(
        db,
        await operators.reply(actingOf(request), request.params.id, {
          ...request.body,
          ...(request.body.template && {
            words: await worded(options, request.params.id, request.body.template),
          }),
          media: await attached(db, actingOf(request), request.body.media),
        }),
      ),
  });

  app.route({
    method: 'POST',
    url: '/api/v1/conversations/:id/notes',
    onRequest: requirePermission('desk.read'),
    bodyLimit: MAX_SAY_BYTES,
    schema: {
      ...common,
      summary: 'Write a note that only staff see',
      body: say,
      response: { 200: said, ...refusals },
    },
    handler: async (request) =>
      saidOrRefused(db, await operators.note(actingOf(request), request.params.id, request.body)),
  });

  app.route({
    method: 'POST',
    url: '/api/v1/conversations/:id/typing',
    onRequest: mayAnswer,
    bodyLimit: MAX_TYPING_BYTES,
    schema: {
      ...common,
      summary: 'Show the client that an answer is being written',
      response: { 204: z.null(), ...refusals },
    },
    async handler(request, reply) {
      await showTyping(db, live, request.params.id, actingOf(request));
      return reply.code(204).send(null);
    },
  });
};

const UNKNOWN_FILE = {
  ru: 'media: такого файла нет; загрузите его через POST /api/v1/media',
  en: 'media: there is no such file; upload it by POST /api/v1/media',
};

/** The files that this operator uploaded, in the order asked for. */
async function attached(
  db: Database,
  { operator }: Acting,
  ids: readonly string[],
): Promise<readonly MediaContent[]> {
  const found = await uploadedMedia(db, ids, operator);
  return ids.map((id) => {
    const media = found.get(id);
    if (!media) throw new Problem(PROBLEMS.badRequest, { detail: UNKNOWN_FILE });
    const { kind, name, type, size } = media;
    return { kind, media: { id: media.id, type, size }, ...(name !== undefined && { name }) };
  });
}

const UNKNOWN_TEMPLATE = {
  ru: 'template: на канале клиента нет такого шаблона; его шаблоны даёт GET /api/v1/conversations/:id',
  en: 'template: the client’s channel has no such template; GET /api/v1/conversations/:id gives those that it has',
};
const WRONG_PARAMETERS = {
  ru: 'template.parameters: у шаблона другое число параметров, один из них пуст, заголовок с ним длиннее 60 знаков, адрес файла не https или в конце адреса кнопки есть пробел',
  en: 'template.parameters: the template has another number of parameters, one of them is blank, makes the header longer than 60 characters, the file’s address is not https, or the end of a button’s has a space',
};

/** What the client reads, by a template of the channel where a reply goes. */
async function worded(
  { db, templatesOn, isOn }: Pick<SayRoutesOptions, 'db' | 'templatesOn' | 'isOn'>,
  id: ConversationId,
  { name, language, parameters }: TemplateUse,
): Promise<readonly Content[]> {
  const place = await findReplyPlace(db, id, isOn);
  if (!place && !(await readOwnership(db, id))) throw new Problem(DESK_PROBLEMS.missing);
  if (!place) throw new Problem(DESK_PROBLEMS.channelOff);
  const template = findTemplate(templatesOn(place.channel), { name, language });
  if (!template) throw new Problem(PROBLEMS.badRequest, { detail: UNKNOWN_TEMPLATE });
  const words = contentOf(template, parameters);
  if (!words) throw new Problem(PROBLEMS.badRequest, { detail: WRONG_PARAMETERS });
  return words;
}

/** A signal: where it comes too late, nobody needs to know. */
async function showTyping(db: Database, live: Live, id: ConversationId, { operator }: Acting): Promise<void> {
  const now = await readOwnership(db, id);
  if (!now) throw new Problem(DESK_PROBLEMS.missing);
  if (!now.thread || refuseReply(now, operator)) return;
  live.publish({ type: 'typing', conversation: id, thread: now.thread, from: 'operator', operator });
}

async function saidOrRefused(db: Database, outcome: Said): Promise<{ seq: number }> {
  if (outcome.outcome !== 'said') throw await problemOf(db, outcome);
  return { seq: outcome.seq };
}
