import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { main } from '../../config/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'okno-dialogues-'));

async function run(...argv: string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const code = await main(['script', 'test', ...argv], { stdin, stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, out: await text(stdout), err: await text(stderr) };
}

function file(name: string, yaml: string): string {
  const path = join(folder, name);
  writeFileSync(path, yaml);
  return path;
}

test('plays the dialogues of the shipped scripts, and all of them come as they should', async () => {
  const { code, out, err } = await run();
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^pass {2}balance$/m);
  expect(out).toMatch(/^(\d+) of \1 dialogues came as they should$/m);
}, 60_000);

test('says what came otherwise, with the dialogue, and exits with 1', async () => {
  const path = file(
    'wrong.yaml',
    `- id: other-account
  says: [сколько у меня на накопительном]
  calls: [check_balance account_type=checking]
  handoff: asked
  hears: [ипотека]
- id: right
  locale: en
  says: ["What's my balance?"]
  answers: { account_type: [savings] }
  calls: [check_balance account_type=savings]
`,
  );
  const { code, out } = await run(path);
  expect(code).toBe(1);
  expect(out).toContain('FAIL  other-account\n');
  expect(out).toContain(
    'calls “check_balance account_type=savings” instead of “check_balance account_type=checking”',
  );
  expect(out).toContain('handoff none instead of asked');
  expect(out).toContain('the bot does not say “ипотека”');
  expect(out).toContain('    > сколько у меня на накопительном\n');
  expect(out).toContain('pass  right\n1 of 2 dialogues');
  const json = (await run(path, '--json')).out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(json).toMatchObject([
    { id: 'other-account', ok: false, differences: [{}, {}, {}].map(() => expect.any(String)) },
    { id: 'right', ok: true, differences: [] },
    { ok: false, passed: 1, failed: 1 },
  ]);
}, 60_000);

test('names the place of a mistake in a file, and the folder where there is none', async () => {
  const bad = await run(file('bad.yaml', '- id: a\n  says: [hello]\n- id: b\n  say: [hello]\n'));
  expect(bad.code).toBe(1);
  expect(bad.err).toContain('bad.yaml:3 [1].says: says is missing; add it');
  expect(bad.err).toContain('bad.yaml:3 [1]: say is not known here; remove it or check its spelling');
  expect((await run(join(folder, 'nothing.yaml'))).code).toBe(1);
  expect((await run('--loud')).code).toBe(2);
});

test('writes the scripts that run into a new folder, where they lint and play as before, and never over others', async () => {
  const command = (...argv: string[]) => {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    return main(argv, { stdin, stdout, stderr }).then(async (code) => {
      stdout.end();
      stderr.end();
      return { code, out: await text(stdout), err: await text(stderr) };
    });
  };
  const own = join(folder, 'own');
  expect(await command('script', 'export', own)).toMatchObject({
    code: 0,
    out: expect.stringContaining(own),
  });
  expect((await command('script', 'lint', own)).code).toBe(0);
  expect((await run('--scripts', own)).code).toBe(0);
  expect(await command('script', 'export', own)).toMatchObject({
    code: 1,
    err: expect.stringContaining('is not empty'),
  });
  expect((await command('script', 'export')).code).toBe(2);
}, 60_000);
