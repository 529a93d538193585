import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../config/version.ts';
import { ensureBuilt } from '../fixtures/built.ts';

const LINES = [
  'покажи остаток на счёте\tcheck_balance',
  'what’s my "balance", please?\tcheck_balance',
  'заблокируйте карту: потерял!\tblock_card',
  '- [карта] #1 пропала 💳\tblock_card',
  'какая завтра погода\tnone',
].sort();

let folder = '';
let tsv = '';
beforeAll(async () => {
  await ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'okno-convert-'));
  tsv = join(folder, 'phrases.tsv');
  writeFileSync(tsv, `${LINES.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `okno nlu …` in a process of its own. */
async function nlu(...argv: string[]) {
  const done = promisify(execFile)(process.execPath, [join(ROOT, 'config/bin.mjs'), 'nlu', ...argv]);
  return done.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );
}

const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').sort();

describe('okno nlu import and export, each a process', () => {
  it.each([
    ['rasa', 'phrases.yml'],
    ['dialogflow', 'agent.zip'],
    ['tsv', 'again.tsv'],
  ])('gives %s what it was given, and reads it back the same', async (format, name) => {
    const file = join(folder, name);
    const back = join(folder, `${format}-back.tsv`);
    const exported = await nlu('export', '--data', tsv, '--format', format, '--out', file);
    expect(exported).toMatchObject({ code: 0, stdout: `${file}: 5 phrases, 3 intents\n`, stderr: '' });
    const imported = await nlu('import', '--from', file, '--out', back);
    expect(imported).toMatchObject({ code: 0, stdout: `${back}: 5 phrases, 3 intents\n`, stderr: '' });
    expect(linesOf(back)).toEqual(LINES);
  });

  it('says which intents are called otherwise than in the file', async () => {
    const own = join(folder, 'own.tsv');
    writeFileSync(own, 'a bar of gold\tBuy Gold\n');
    const out = join(folder, 'renamed.tsv');
    expect(await nlu('import', '--from', own, '--out', out)).toMatchObject({
      code: 0,
      stdout: `intent “Buy Gold” is now buy_gold\n${out}: 1 phrases, 1 intents\n`,
    });
    expect(linesOf(out)).toEqual(['a bar of gold\tbuy_gold']);
  });

  it('says what is wrong with a file, and what with the words behind the command', async () => {
    const bad = join(folder, 'bad.zip');
    writeFileSync(bad, 'PK\u0003\u0004 not a zip');
    const refused = await nlu('import', '--from', bad, '--out', join(folder, 'x.tsv'));
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('bad.zip') });
    const misused = await nlu('export', '--data', tsv, '--format', 'word', '--out', join(folder, 'x'));
    expect(misused).toMatchObject({ code: 2, stderr: expect.stringContaining('--format is word') });
  });
});
