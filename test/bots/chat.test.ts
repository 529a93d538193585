import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { createHttpPerformer } from '../../bots/actions/http.ts';
import { chatCommand } from '../../bots/chat.ts';
import { lintCommand } from '../../bots/lint-command.ts';
import { createDemoBank } from '../../config/demo/core.ts';
import { fetchOf } from '../../config/demo/in-process.ts';
import { planHandoff } from '../../handoff/planner.ts';
import { scripts, shippedScripts, signals, understanding } from './talk.ts';

interface Ran {
  readonly code: number;
  readonly lines: { type: string; [key: string]: unknown }[];
  readonly out: string;
  readonly err: string;
}

async function io(input: readonly string[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  return { stdin: Readable.from(input.map((line) => `${line}\n`)), stdout, stderr };
}

async function chat(input: readonly unknown[], argv: readonly string[] = ['--json']): Promise<Ran> {
  const { actions } = await scripts();
  const bank = createDemoBank({ now: () => new Date(), newCode: () => '123456' });
  let clients = 0;
  const streams = await io(input.map((it) => (typeof it === 'string' ? it : JSON.stringify(it))));
  const code = await chatCommand(argv, streams, {
    scripts: shippedScripts,
    understanding: async () => understanding(),
    readSignals: signals,
    newClient: () => ({
      customer: `demo-${++clients}`,
      perform: createHttpPerformer({ actions, root: 'http://bank', fetch: fetchOf(bank) }),
    }),
    planHandoff,
    now: () => new Date('2026-11-23T10:00:00Z'),
  });
  const out = String(streams.stdout.read() ?? '');
  const lines =
    argv.includes('--json') && code === 0
      ? out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
  return { code, lines, out, err: String(streams.stderr.read() ?? '') };
}

test('answers a line with messages, actions and an end, closed by a turn', async () => {
  const { lines } = await chat([
    { text: 'I would like to check my balance.' },
    { text: 'My savings account.' },
  ]);
  expect(lines.map(({ type }) => type)).toEqual(['message', 'turn', 'action', 'message', 'end', 'turn']);
  expect(lines[0]).toMatchObject({
    asks: 'account_type',
    choices: [{ id: expect.any(String), text: 'Checking account' }, {}],
  });
  expect(lines[2]).toEqual({
    type: 'action',
    name: 'check_balance',
    parameters: { account_type: 'savings' },
  });
  expect(lines[3]).toMatchObject({ text: expect.stringMatching(/\$/) });
});

test('takes a pressed choice', async () => {
  const { lines } = await chat([{ text: 'check my balance' }, { choice: 'q1.checking' }]);
  expect(lines.find(({ type }) => type === 'action')).toMatchObject({
    parameters: { account_type: 'checking' },
  });
});

test('the handoff comes with the whole context', async () => {
  const { lines } = await chat(
    [{ text: 'send 50 dollars to Ann from savings' }, { text: 'operator' }],
    ['--json', '--locale', 'en'],
  );
  expect(lines.find(({ type }) => type === 'handoff')).toMatchObject({
    reason: 'asked',
    context: { intent: 'transfer_money', locale: 'en', contact: { evidence: 'bank-authenticated' } },
  });
});

test('begins another conversation with another client', async () => {
  const { lines } = await chat([
    { text: 'my savings balance' },
    { new: true },
    { text: 'my savings balance' },
  ]);
  const texts = lines.filter(({ type }) => type === 'message').map(({ text }) => text);
  expect(lines.filter(({ type }) => type === 'turn')).toHaveLength(3);
  expect(texts[0]).not.toBe(texts[1]);
});

test('a line that is not understood is named, and the chat goes on', async () => {
  const { lines, err } = await chat(['{"text": ', '[]', '{"text": 5}', { text: 'hello' }]);
  expect(err.match(/not understood/g)).toHaveLength(3);
  expect(lines.at(-2)).toMatchObject({ type: 'end' });
});

test('says what is wrong with its options and scripts', async () => {
  expect(await chat([], ['--locale', 'fr'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/write ru or en/),
  });
  expect(await chat([], ['--colour'])).toMatchObject({ code: 2 });
  expect(await chat([], ['--scripts', '/nowhere'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/name an existing folder/),
  });
  expect(await chat([], ['--help'])).toMatchObject({ code: 0, out: expect.stringMatching(/okno chat/) });
});

test('without --json it is a prompt for people', async () => {
  const { out } = await chat(['сколько на накопительном?', 'перевод', 'оператор'], ['--locale', 'ru']);
  expect(out).toMatch(/бот банка/);
  expect(out).toMatch(/· check_balance/);
  expect(out).toMatch(/handoff: asked/);
});

async function lint(folder: string, ...argv: string[]) {
  const streams = await io([]);
  const code = await lintCommand([folder, ...argv], streams, {
    scripts: shippedScripts,
    intents: () => ['check_balance'],
  });
  return { code, out: String(streams.stdout.read() ?? '') };
}

test('okno script lint finds what is wrong, and where', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'okno-lint-'));
  await writeFile(join(folder, 'my.yaml'), 'script: my\ntitle: { ru: а }\nsteps: []\n');
  const { code, out } = await lint(folder);
  expect(code).toBe(1);
  expect(out).toMatch(/my\.yaml:2 title\.en: the text in English is missing/);
  const json = JSON.parse((await lint(folder, '--json')).out);
  expect(json).toMatchObject({
    ok: false,
    errors: [{ file: 'my.yaml', line: 2, path: 'title.en' }, {}],
    warnings: [],
  });
});

test('the shipped scripts are without errors', async () => {
  const { lintScripts } = await import('../../bots/lint.ts');
  expect(lintScripts(await scripts())).toEqual([]);
});
