import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { signIn } from '../../gateway/access/api.ts';
import { answerProblem } from '../../gateway/problem.ts';
import { wants } from '../../gateway/wants.ts';
import { reply } from '../../handoff/act-api.ts';
import { listQuery, searchQuery } from '../../handoff/api.ts';

/** What an answer says of a request that its schema does not take, in both languages. */

const even = wants({ ru: 'нужно чётное число', en: 'must be even' });
const body = z.strictObject({
  name: z.string().min(2).max(5).optional(),
  sum: z.number().min(1).max(10).optional(),
  count: z.int().optional(),
  even: z
    .number()
    .refine((value) => value % 2 === 0, even)
    .optional(),
  odd: z
    .number()
    .refine((value) => value % 2 === 1)
    .optional(),
  less: z.number().lt(5).optional(),
  trimmed: z.string().trim().min(1).optional(),
  list: z.array(z.boolean()).max(1).optional(),
  kind: z.enum(['a', 'b']).optional(),
  by: z
    .discriminatedUnion('how', [z.object({ how: z.literal('x') }), z.object({ how: z.literal('y') })])
    .optional(),
  either: z.union([z.object({}), z.boolean()]).optional(),
  mail: z.email().optional(),
  at: z.iso.datetime().optional(),
  digits: z.string().regex(/^\d+$/).optional(),
  password: z.string().regex(/^\d+$/).optional(),
  needed: z.string(),
});

let app: FastifyInstance;
beforeAll(() => {
  app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerProblem);
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post('/', { schema: { body } }, async () => ({}));
  routes.post('/reply', { schema: { body: reply } }, async () => ({}));
  routes.post('/session', { schema: { body: signIn } }, async () => ({}));
  routes.get('/list', { schema: { querystring: listQuery } }, async () => ({}));
  routes.get('/search', { schema: { querystring: searchQuery } }, async () => ({}));
  routes.get('/:id', { schema: { params: z.object({ id: z.uuid() }) } }, async () => ({}));
});
afterAll(() => app.close());

async function details(request: { method?: 'POST'; url: string; payload?: unknown }): Promise<string[]> {
  const answers = ['ru', 'en'].map((locale) =>
    app.inject({ ...(request as object), headers: { 'accept-language': locale } }),
  );
  return (await Promise.all(answers)).map((answer) => `${answer.json().detail}`);
}

test.each<[object, string, string]>([
  [{}, 'body/needed: не хватает; нужно: строка', 'body/needed: is missing; wanted: a string'],
  [{ needed: 5 }, 'body/needed: нужно: строка; пришло 5', 'body/needed: wanted: a string; got 5'],
  [{ needed: {} }, 'body/needed: нужно: строка', 'body/needed: wanted: a string'],
  [
    { count: 1.5 },
    'body/count: нужно: целое число; пришло 1.5',
    'body/count: wanted: a whole number; got 1.5',
  ],
  [
    { list: ['да'] },
    'body/list/0: нужно: true или false; пришло "да"',
    'body/list/0: wanted: true or false; got "да"',
  ],
  [
    { name: 'я' },
    'body/name: длина нужна не меньше 2, здесь 1',
    'body/name: its length must be at least 2, here 1',
  ],
  [
    { name: 'слишком' },
    'body/name: длина нужна не больше 5, здесь 7',
    'body/name: its length must be at most 5, here 7',
  ],
  [
    { trimmed: '   ' },
    'body/trimmed: длина нужна не меньше 1',
    'body/trimmed: its length must be at least 1',
  ],
  [{ sum: 0 }, 'body/sum: нужно не меньше 1, здесь 0', 'body/sum: must be at least 1, here 0'],
  [{ less: 5 }, 'body/less: нужно меньше 5, здесь 5', 'body/less: must be less than 5, here 5'],
  [
    { list: [true, true] },
    'body/list: число элементов нужно не больше 1, здесь 2',
    'body/list: the number of its items must be at most 1, here 2',
  ],
  [{ kind: 'c' }, 'body/kind: нужно одно из: a, b; пришло "c"', 'body/kind: must be one of: a, b; got "c"'],
  [
    { by: { how: 'z' } },
    'body/by/how: нужно одно из: x, y; пришло "z"',
    'body/by/how: must be one of: x, y; got "z"',
  ],
  [
    { either: 5 },
    'body/either: не подходит ни под один вариант; пришло 5',
    'body/either: fits none of the variants; got 5',
  ],
  [
    { mail: 'анна' },
    'body/mail: нужно: адрес почты; пришло "анна"',
    'body/mail: wanted: an e-mail address; got "анна"',
  ],
  [
    { at: 'вчера' },
    'body/at: нужно: дата и время по ISO 8601; пришло "вчера"',
    'body/at: wanted: a date and time of ISO 8601; got "вчера"',
  ],
  [
    { digits: 'x'.repeat(50) },
    `body/digits: нужно по образцу /^\\d+$/; пришло "${'x'.repeat(40)}…"`,
    `body/digits: must match /^\\d+$/; got "${'x'.repeat(40)}…"`,
  ],
  [{ password: 'hunter' }, 'body/password: нужно по образцу /^\\d+$/', 'body/password: must match /^\\d+$/'],
  [{ more: 1 }, 'body: лишнее: more; уберите', 'body: not known here: more; remove it'],
  [{ even: 3 }, 'body/even: нужно чётное число', 'body/even: must be even'],
  [{ odd: 2 }, 'body/odd: не подходит', 'body/odd: does not fit'],
])('%j', async (wrong, ru, en) => {
  const payload = { needed: '', ...wrong };
  expect(
    await details({ method: 'POST', url: '/', payload: Object.keys(wrong).length > 0 ? payload : {} }),
  ).toEqual([ru, en]);
});

test('three faults at most, in the order of the schema', async () => {
  const payload = { name: 'я', sum: 0, kind: 'c', mail: '' };
  const [ru] = await details({ method: 'POST', url: '/', payload });
  expect(ru?.split('; body/').map((one) => one.replace('body/', '').split(':')[0])).toEqual([
    'name',
    'sum',
    'kind',
  ]);
});

test('the address and the query name their own part', async () => {
  expect(await details({ url: '/12' })).toEqual([
    'params/id: нужно: UUID; пришло "12"',
    'params/id: wanted: a UUID; got "12"',
  ]);
  expect((await details({ url: '/list?view=queue&limit=0' }))[0]).toBe(
    'querystring/limit: нужно не меньше 1, здесь 0',
  );
  expect((await details({ url: '/list?view=queue&limit=x' }))[0]).toBe(
    'querystring/limit: нужно: число; пришло "x"',
  );
});

test.each<[string, unknown]>([
  ['/reply', { id: 'one' }],
  ['/reply', { id: 'one', text: 'а', template: { name: 'n', language: 'ru', parameters: [] } }],
  ['/reply', { id: 'one', text: '\u0000' }],
  ['/session', { email: 'anna@bank.ru', password: '\u0000' }],
])('the desk’s own rules are told in Russian: %s', async (url, payload) => {
  const [ru = ''] = await details({ method: 'POST', url, payload });
  expect(ru).toMatch(/: (?:[а-яё]+[ ,]*)+$/);
});
