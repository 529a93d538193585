import { setImmediate } from 'node:timers/promises';
import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../../gateway/access/api.ts';
import { recordAudit } from '../../gateway/access/audit.ts';
import { principalOf } from '../../gateway/access/guard.ts';
import { PROBLEMS, Problem } from '../../gateway/problem.ts';
import { isStorable } from '../../gateway/storable-text.ts';
import { inTransaction } from '../../gateway/store/database.ts';
import { FormatError, formats, type Imported, maxFileBytes, renamedIn } from '../../nlu/formats/format.ts';
import { readTraining, writeTraining } from '../../nlu/formats/index.ts';
import { imported } from './api.ts';
import { decideAll, readDecisions } from './decisions.ts';
import type { MaskPhrase } from './mask-phrase.ts';
import { FULL } from './phrase-routes.ts';
import { applyDecisions, labelled } from './phrases.ts';
import { onRequest, refusals, tags } from './route-parts.ts';
import type { TrainingRoutesOptions } from './routes.ts';

const MAX_NAME = 80;
/** Phrases that are masked in one go; 50 take some 25 ms. */
const AT_ONCE = 50;

const FILES = {
  tsv: { type: 'text/tab-separated-values; charset=utf-8', name: 'phrases.tsv' },
  rasa: { type: 'application/yaml', name: 'nlu.yml' },
  dialogflow: { type: 'application/zip', name: 'agent.zip' },
};

/** Phrases from other products and for them. Behind `guardApi`. */
export const exchangeRoutes: FastifyPluginAsyncZod<TrainingRoutesOptions> = async (app, options) => {
  const { db, now, shipped, maskPhrase } = options;
  await app.register(multipart, {
    limits: { fileSize: maxFileBytes, files: 1, fields: 0 },
    throwFileSizeLimit: true,
  });

  app.route({
    method: 'GET',
    url: '/api/v1/training/export',
    onRequest,
    schema: {
      tags,
      summary: 'All phrases as they are now, for another product',
      querystring: z.object({ format: z.enum(formats) }),
    },
    async handler(request, reply) {
      const { format } = request.query;
      const { type, name } = FILES[format];
      const phrases = labelled(applyDecisions(shipped, await readDecisions(db)));
      return reply
        .type(type)
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Buffer.from(writeTraining(phrases, format)));
    },
  });

  app.route({
    method: 'POST',
    url: '/api/v1/training/import',
    onRequest,
    bodyLimit: maxFileBytes + 10_000,
    schema: {
      tags,
      summary: 'Add the phrases of a file (TSV, Rasa YAML, Dialogflow ES zip): all of them, or none',
      consumes: ['multipart/form-data'],
      response: { 200: imported, ...refusals, 409: problem, 413: problem, 422: problem },
    },
    async handler(request) {
      const file = request.isMultipart() ? await request.file() : undefined;
      if (!file) throw new Problem(PROBLEMS.badRequest);
      const bytes = await file.toBuffer();
      // Half a file is no file.
      if (file.file.truncated) throw new Problem(PROBLEMS.tooLarge);
      const phrases = readOrRefuse(bytes, file.filename.slice(-MAX_NAME) || 'file');
      const { user } = principalOf(request);
      const known = labelled(applyDecisions(shipped, await readDecisions(db)));
      const before = new Map(known.map(({ text, label }) => [text, label]));
      const { kept, masked } = await maskNew(phrases, before, maskPhrase);
      const news = kept.filter(({ text, label }) => before.get(text) !== label);
      return inTransaction(db, async (client) => {
        if (!(await decideAll(client, news, user.id, now()))) throw new Problem(FULL);
        await recordAudit(client, now(), {
          who: user.id,
          act: 'phrases.imported',
          address: request.ip,
          detail: { phrases: news.length },
        });
        const unchanged = kept.length - news.length;
        return { phrases: news.length, unchanged, masked, renamed: [...renamedIn(phrases)] };
      });
    },
  });
};

/**
 * The phrases without personal data; those that are there already as they stand. Where two become one text, the last one
 * counts, as with decisions.
 */
async function maskNew(phrases: Imported, known: ReadonlyMap<string, string>, mask: MaskPhrase) {
  const kept = new Map<string, Imported[number]>();
  let masked = 0;
  for (const [index, phrase] of phrases.entries()) {
    // A large file takes seconds: the hub answers others meanwhile.
    if (index % AT_ONCE === 0) await setImmediate();
    const text = known.has(phrase.text) ? phrase.text : mask(phrase.text);
    if (text !== phrase.text) masked++;
    kept.set(text, { ...phrase, text });
  }
  return { kept: [...kept.values()], masked };
}

function readOrRefuse(bytes: Uint8Array, name: string): Imported {
  try {
    const phrases = readTraining(bytes, name);
    const bad = phrases.find(({ text }) => !isStorable(text));
    if (bad)
      throw new FormatError(
        name,
        'a phrase has a character that is no text',
        'в одной из фраз есть недопустимый знак',
      );
    return phrases;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Problem({ status: 422, code: 'import-refused', title: { ru: error.ru, en: error.message } });
  }
}
