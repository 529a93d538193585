import multipart from '@fastify/multipart';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../access/api.ts';
import { type GuardOptions, guardApi, principalOf, requirePermission } from '../access/guard.ts';
import { fileName } from '../file-name.ts';
import type { MediaId } from '../model/ids.ts';
import { PROBLEMS, Problem, type ProblemKind } from '../problem.ts';
import type { StoredMedia } from '../store/media.ts';
import { lookedAt, uploaded } from './api.ts';
import { isShownInPlace } from './inspect.ts';
import type { Media } from './media.ts';

export interface MediaRoutesOptions extends GuardOptions {
  readonly media: Pick<Media, 'look' | 'open' | 'upload'>;
  readonly maxBytes: number;
}

const REFUSED: ProblemKind = {
  status: 422,
  code: 'file-refused',
  title: { ru: 'Этот файл нельзя отправить.', en: 'This file cannot be sent.' },
};
const SCANNER_AWAY: ProblemKind = {
  status: 503,
  code: 'scanner-away',
  title: {
    ru: 'Проверка файлов недоступна. Повторите позже.',
    en: 'Files cannot be checked now. Try again later.',
  },
};
const RETRY_S = 10;

/** Files by signed links for whoever has one; their state and uploads for staff. Needs @fastify/cookie. */
export const mediaRoutes: FastifyPluginAsync<MediaRoutesOptions> = async (app, options) => {
  await app.register(signedLinks, options);
  await app.register(staffRoutes, options);
};

const signedLinks: FastifyPluginAsyncZod<MediaRoutesOptions> = async (app, { media }) => {
  app.route({
    method: 'GET',
    url: '/media/:id',
    schema: {
      hide: true,
      params: z.object({ id: z.uuid() }),
      querystring: z.object({ until: z.string().regex(/^\d{1,12}$/), sign: z.string().max(64) }),
    },
    async handler({ params, query }, reply) {
      const found = await media.open(params.id, query.until, query.sign);
      if (!found) throw new Problem(PROBLEMS.notFound);
      return sendMedia(reply, found.media).send(Buffer.from(found.bytes));
    },
  });
};

/** Bytes that a stranger made: never a document of ours, never of another type than they are. */
function sendMedia(reply: FastifyReply, { kind, type, name, hash }: StoredMedia): FastifyReply {
  const isShown = isShownInPlace(kind, type);
  const named = name === undefined ? '' : `; filename*=UTF-8''${encoded(fileName(name))}`;
  return reply
    .header('content-type', isShown ? type : 'application/octet-stream')
    .header('content-disposition', `${isShown ? 'inline' : 'attachment'}${named}`)
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .header('cross-origin-resource-policy', 'same-site')
    .header('cache-control', 'private, max-age=900, immutable')
    .header('etag', `"${hash}"`);
}

/** RFC 8187: what is no attr-char is percent-encoded. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

const staffRoutes: FastifyPluginAsyncZod<MediaRoutesOptions> = async (app, options) => {
  const { media, maxBytes } = options;
  guardApi(app, options);
  await app.register(multipart, {
    limits: { files: 1, fields: 0, fileSize: maxBytes },
    throwFileSizeLimit: true,
  });

  app.route({
    method: 'GET',
    url: '/api/v1/media/:id',
    onRequest: requirePermission('desk.read'),
    schema: {
      tags: ['media'],
      summary: 'Whether a file has come, and a link to it',
      params: z.object({ id: z.uuid() }),
      response: { 200: lookedAt, 401: problem, 403: problem, 404: problem },
    },
    async handler({ params }) {
      const found = await media.look(params.id as MediaId);
      if (!found) throw new Problem(PROBLEMS.notFound);
      const { id, kind, state, type, size, name, reason, link } = found;
      const shown = link !== undefined && isShownInPlace(kind, type ?? '');
      return lookedAt.parse({ id, kind, state, shown, link, ...present({ type, size, name, reason }) });
    },
  });

  app.route({
    method: 'POST',
    url: '/api/v1/media',
    onRequest: requirePermission('desk.answer'),
    // The form around the file.
    bodyLimit: maxBytes + 10_000,
    schema: {
      tags: ['media'],
      summary: 'Store a file that a message will carry: multipart/form-data with one file',
      consumes: ['multipart/form-data'],
      response: {
        200: uploaded,
        400: problem,
        401: problem,
        403: problem,
        413: problem,
        422: problem,
        503: problem,
      },
    },
    async handler(request) {
      const file = request.isMultipart() ? await request.file() : undefined;
      if (!file) throw new Problem(PROBLEMS.badRequest);
      const bytes = await file.toBuffer();
      // The parser's own error may come too late for this read: half a file is no file.
      if (file.file.truncated) throw new Problem(PROBLEMS.tooLarge);
      const operator = principalOf(request).user.id;
      const outcome = await media.upload({
        bytes,
        name: fileName(file.filename),
        type: file.mimetype,
        operator,
      });
      if (outcome.outcome === 'stored') return uploaded.parse(outcome.media);
      if (outcome.outcome === 'retry') throw new Problem(SCANNER_AWAY, { retryAfterS: RETRY_S });
      throw new Problem(REFUSED, { detail: refusalText(outcome.reason) });
    },
  });
};

const REFUSALS: Readonly<Record<string, { readonly ru: string; readonly en: string }>> = {
  infected: { ru: 'В файле найден вирус.', en: 'A virus was found in it.' },
  empty: { ru: 'Файл пустой.', en: 'It is empty.' },
  'too-large': { ru: 'Файл слишком большой.', en: 'It is too large.' },
  'broken-image': { ru: 'Изображение повреждено.', en: 'The image is damaged.' },
  'too-many-pixels': { ru: 'Изображение слишком большое.', en: 'The image has too many pixels.' },
};

function refusalText(reason: string) {
  return REFUSALS[reason] ?? { ru: reason, en: reason };
}

function present<T extends Readonly<Record<string, unknown>>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Partial<T>;
}
