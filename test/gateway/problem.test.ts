import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { problem } from '../../gateway/access/api.ts';
import { answerNotFound, answerProblem, PROBLEMS, Problem } from '../../gateway/problem.ts';

let app: FastifyInstance;

beforeEach(() => {
  app = Fastify({ bodyLimit: 100 });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler(answerNotFound);
  app
    .withTypeProvider<ZodTypeProvider>()
    .post(
      '/sums',
      { schema: { body: z.object({ sum: z.number() }), response: { 200: z.object({ sum: z.number() }) } } },
      async (request) => request.body,
    );
});

afterEach(() => app.close());

function throwing(error: Error): FastifyInstance {
  app.get('/', async () => {
    throw error;
  });
  return app;
}

test('answers a thrown problem with its status, its code and a title in the language asked for', async () => {
  const problem = new Problem(PROBLEMS.tooMany, {
    retryAfterS: 7,
    extra: { limit: 3 },
    detail: { ru: 'три', en: 'three' },
  });
  const answer = await throwing(problem).inject({ url: '/', headers: { 'accept-language': 'en' } });
  expect(answer.statusCode).toBe(429);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'retry-after': '7',
  });
  expect(answer.json()).toEqual({
    type: 'urn:okno:problem:too-many-requests',
    title: 'Too many requests. Wait a little.',
    status: 429,
    code: 'too-many-requests',
    detail: 'three',
    limit: 3,
  });
});

test('says what of the body is wrong', async () => {
  const answer = await app.inject({ method: 'POST', url: '/sums', payload: { sum: 'много' } });
  expect(answer.statusCode).toBe(400);
  expect(problem.parse(answer.json())).toMatchObject({
    code: 'bad-request',
    detail: expect.stringContaining('body/sum'),
  });
});

test.each([
  ['broken JSON', 400, 'bad-request', { payload: '{"sum"', headers: { 'content-type': 'application/json' } }],
  ['another type', 415, 'unsupported-type', { payload: '<a/>', headers: { 'content-type': 'text/xml' } }],
  ['a body over the limit', 413, 'too-large', { payload: { sum: 1, more: 'x'.repeat(200) } }],
])('answers %s with %i %s', async (_what, status, code, request) => {
  const answer = await app.inject({ method: 'POST', url: '/sums', ...request });
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
});

test('answers an unknown address with not-found', async () => {
  const answer = await app.inject({ url: '/nowhere' });
  expect([answer.statusCode, answer.json().code]).toEqual([404, 'not-found']);
});

test('says that the store is away, and when to come back', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const answer = await throwing(refused).inject({ url: '/' });
  expect([answer.statusCode, answer.json().code]).toEqual([503, 'store-away']);
  expect(answer.headers['retry-after']).toBe('5');
});

test('tells nothing of a fault of our own', async () => {
  const answer = await throwing(new Error('select secret from vault')).inject({ url: '/' });
  expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal']);
  expect(answer.body).not.toContain('secret');
});
