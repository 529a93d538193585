import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { problem } from '../../gateway/access/api.ts';
import { requirePermission } from '../../gateway/access/guard.ts';
import { PROBLEMS, Problem } from '../../gateway/problem.ts';
import type { Database } from '../../gateway/store/database.ts';
import { searchQuery, searchResult } from '../api.ts';
import { readPlace, writePlace } from './cursor.ts';
import { findMessages } from './find.ts';
import type { SearchWords } from './words.ts';

export interface SearchRoutesOptions {
  readonly db: Database;
  readonly words: SearchWords;
}

/** Searching messages and notes, for whoever may read the conversations. Behind `guardApi`. */
export const searchRoutes: FastifyPluginAsyncZod<SearchRoutesOptions> = async (app, { db, words }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/search',
    onRequest: requirePermission('desk.read'),
    schema: {
      tags: ['desk'],
      summary: 'Messages and notes with these words in any inflection, a slip forgiven, the newest first',
      querystring: searchQuery,
      response: { 200: searchResult, 400: problem, 401: problem, 403: problem },
    },
    async handler({ query: { q, limit, before } }) {
      const after = before === undefined ? undefined : readPlace(before);
      if (before !== undefined && !after) throw new Problem(PROBLEMS.badRequest, { detail: BAD_CURSOR });
      const { hits, next } = await findMessages(db, words, { query: q, limit, ...(after && { after }) });
      return { hits: [...hits], ...(next && { next: writePlace(next) }) };
    },
  });
};

const BAD_CURSOR = {
  ru: 'before: передайте next прошлой страницы',
  en: 'before: hand back the next of the last page',
};
