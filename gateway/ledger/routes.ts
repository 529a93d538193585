import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../access/api.ts';
import { recordAudit } from '../access/audit.ts';
import { guardApi, principalOf, requirePermission } from '../access/guard.ts';
import type { Sessions } from '../access/sessions.ts';
import type { ChannelId, DeliveryId } from '../model/ids.ts';
import { PROBLEMS, Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { attemptsOf, findDeadLetter, listDeadLetters } from '../store/dead-letters.ts';
import { findQuarantined, listQuarantined } from '../store/quarantine.ts';
import { readTally } from '../store/tallies.ts';
import {
  letterList,
  letterQuery,
  letterView,
  quarantineList,
  quarantineQuery,
  quarantineView,
  replayed,
  retried,
} from './api.ts';
import type { Decider, Letters } from './letters.ts';
import { problemOf } from './problems.ts';
import type { Quarantine } from './quarantined.ts';
import { showLetter, showLetterView, showQuarantined, showQuarantineView } from './show.ts';

export interface LedgerRoutesOptions {
  readonly db: Database;
  readonly sessions: Sessions;
  readonly letters: Letters;
  readonly quarantine: Quarantine;
  readonly now: () => Date;
  /** Where the outside reaches the hub. */
  readonly publicUrl: string;
}

const refusals = { 400: problem, 401: problem, 403: problem, 404: problem };
const tags = ['ledger'];
const mayRead = requirePermission('ledger.read');
const mayDecide = requirePermission('ledger.decide');
const mayReadRaw = requirePermission('ledger.raw');
const MAX_ACT_BYTES = 1_024;

/** What people see and decide of dead letters and the quarantine. Needs @fastify/cookie and zod's compilers. */
export const ledgerRoutes: FastifyPluginAsyncZod<LedgerRoutesOptions> = async (app, options) => {
  guardApi(app, options);
  await app.register(letterRoutes, options);
  await app.register(quarantineRoutes, options);
};

const letterRoutes: FastifyPluginAsyncZod<LedgerRoutesOptions> = async (app, { db, letters }) => {
  const params = z.object({ id: z.uuid().transform((id) => id.toLowerCase() as DeliveryId) });

  app.route({
    method: 'GET',
    url: '/api/v1/dead-letters',
    onRequest: mayRead,
    schema: {
      tags,
      summary: 'Deliveries that nobody knows to have arrived, a page at a time, newest first',
      querystring: letterQuery,
      response: { 200: letterList, ...refusals },
    },
    async handler({ query: { channel, state, decided, limit, before } }) {
      const filter = { channel: channel as ChannelId | undefined, state, decided };
      const [{ rows, next }, waiting] = await Promise.all([
        listDeadLetters(db, filter, limit, before),
        readTally(db, 'dead_letter'),
      ]);
      return { rows: rows.map(showLetter), next, waiting: Object.fromEntries(waiting) };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/v1/dead-letters/:id',
    onRequest: mayRead,
    schema: {
      tags,
      summary: 'One of them with its attempts',
      params,
      response: { 200: letterView, ...refusals },
    },
    async handler({ params: { id } }) {
      const letter = await findDeadLetter(db, id);
      if (!letter) throw new Problem(PROBLEMS.notFound);
      return showLetterView(letter, await attemptsOf(db, id));
    },
  });

  app.route({
    method: 'POST',
    url: '/api/v1/dead-letters/:id/retry',
    onRequest: mayDecide,
    bodyLimit: MAX_ACT_BYTES,
    schema: {
      tags,
      summary: 'Send it again by a new delivery',
      params,
      response: { 200: retried, ...refusals, 409: problem },
    },
    async handler(request) {
      const done = await letters.retry(request.params.id, deciderOf(request));
      if (done.outcome !== 'retried') throw problemOf(done);
      const { again, notSent } = done;
      return { again, ...(notSent && { notSent }) };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/v1/dead-letters/:id/discard',
    onRequest: mayDecide,
    bodyLimit: MAX_ACT_BYTES,
    schema: {
      tags,
      summary: 'Take it off the list; nothing is sent',
      params,
      response: { 204: z.null(), ...refusals, 409: problem },
    },
    async handler(request, reply) {
      const done = await letters.discard(request.params.id, deciderOf(request));
      if (done.outcome !== 'discarded') throw problemOf(done);
      return reply.code(204).send(null);
    },
  });
};

const quarantineRoutes: FastifyPluginAsyncZod<LedgerRoutesOptions> = async (app, { db, quarantine, now }) => {
  const params = z.object({ id: z.uuid() });

  app.route({
    method: 'GET',
    url: '/api/v1/quarantine',
    onRequest: mayRead,
    schema: {
      tags,
      summary: 'What came in and was not understood, a page at a time, newest first',
      querystring: quarantineQuery,
      response: { 200: quarantineList, ...refusals },
    },
    async handler({ query: { channel, decided, limit, before } }) {
      const filter = { channel: channel as ChannelId | undefined, decided };
      const [{ rows, next }, waiting] = await Promise.all([
        listQuarantined(db, filter, limit, before),
        readTally(db, 'quarantine'),
      ]);
      return { rows: rows.map(showQuarantined), next, waiting: Object.fromEntries(waiting) };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/v1/quarantine/:id',
    onRequest: mayReadRaw,
    schema: {
      tags,
      summary: 'One entry with what was kept; that it was looked at is recorded',
      params,
      response: { 200: quarantineView, ...refusals },
    },
    async handler(request) {
      const entry = await findQuarantined(db, request.params.id);
      if (!entry) throw new Problem(PROBLEMS.notFound);
      const { who, address } = deciderOf(request);
      await recordAudit(db, now(), { who, act: 'quarantine.shown', subject: entry.id, address });
      return showQuarantineView(entry);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/v1/quarantine/:id/replay',
    onRequest: mayDecide,
    bodyLimit: MAX_ACT_BYTES,
    schema: {
      tags,
      summary: 'Translate it again and take in what is understood today',
      params,
      response: { 200: replayed, ...refusals, 409: problem },
    },
    async handler(request) {
      const done = await quarantine.replay(request.params.id, deciderOf(request));
      if (done.outcome !== 'replayed' && done.outcome !== 'kept') throw problemOf(done);
      return done;
    },
  });

  app.route({
    method: 'POST',
    url: '/api/v1/quarantine/:id/discard',
    onRequest: mayDecide,
    bodyLimit: MAX_ACT_BYTES,
    schema: {
      tags,
      summary: 'Take it off the list',
      params,
      response: { 204: z.null(), ...refusals, 409: problem },
    },
    async handler(request, reply) {
      const done = await quarantine.discard(request.params.id, deciderOf(request));
      if (done.outcome !== 'discarded') throw problemOf(done);
      return reply.code(204).send(null);
    },
  });
};

function deciderOf(request: FastifyRequest): Decider {
  return { who: principalOf(request).user.id, address: request.ip };
}
