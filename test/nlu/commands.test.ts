import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../config/cli.ts';

let folder = '';
let data = '';
let model = '';
const phrases = [
  'what is my balance\tbalance',
  'how much money do i have\tbalance',
  'покажи остаток\tbalance',
  'сколько денег на карте\tbalance',
  'block my card\tblock',
  'i lost my card\tblock',
  'заблокируйте карту\tblock',
  'потерял карту\tblock',
].join('\n');

async function call(command: string, argv: readonly string[], input: readonly (string | Buffer)[] = []) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const collect = async (stream: PassThrough) => Buffer.concat(await stream.toArray()).toString('utf8');
  const texts = Promise.all([collect(stdout), collect(stderr)]);
  const code = await main(['nlu', command, ...argv], { stdin: Readable.from(input), stdout, stderr });
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { code, out, err };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'okno-nlu-'));
  data = join(folder, 'phrases.tsv');
  model = join(folder, 'bank.model');
  writeFileSync(data, `${phrases}\n`);
  const { code, err } = await call('train', ['--data', data, '--out', model]);
  expect(`${code}${err}`).toBe('0');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('okno nlu train', () => {
  it('writes the same model for the same phrases and seed', async () => {
    const again = join(folder, 'again.model');
    await call('train', ['--data', data, '--out', again]);
    expect(readFileSync(again).equals(readFileSync(model))).toBe(true);
  });

  it('says how it is used', async () => {
    const { code, out } = await call('train', ['--help']);
    expect(code).toBe(0);
    expect(out).toContain('--oos-share');
  });

  it.each([
    [['--out', 'x'], '--data is missing'],
    [['--data', 'x', '--out', 'y', '--oos-share', '7'], 'oos-share'],
    [['--data', 'x', '--out', 'y', '--nonsense'], '--nonsense'],
    [['stray'], 'stray'],
  ])('answers %j with 2 and the reason', async (argv, reason) => {
    const given = argv.map((word) => (word === 'x' ? data : word === 'y' ? join(folder, 'y') : word));
    const { code, err } = await call('train', given);
    expect(code).toBe(2);
    expect(err).toContain('okno nlu train: ');
    expect(err).toContain(reason);
  });

  it('names file, line and fix of a bad line', async () => {
    const bad = join(folder, 'bad.tsv');
    writeFileSync(bad, 'good\tlabel\n\nno tab here\n');
    const { code, err } = await call('train', ['--data', bad, '--out', join(folder, 'z')]);
    expect(code).toBe(1);
    expect(err).toContain(`${bad}:3 has no tab; write text<TAB>label`);
  });

  it('names a missing file', async () => {
    const { code, err } = await call('train', ['--data', join(folder, 'gone.tsv'), '--out', 'z']);
    expect(code).toBe(1);
    expect(err).toMatch(/^okno nlu train: .*gone.tsv does not exist/);
  });

  it('refuses phrases of one intent only', async () => {
    const one = join(folder, 'one.tsv');
    writeFileSync(one, 'a\tb\nc\tb\n');
    const { code, err } = await call('train', ['--data', one, '--out', join(folder, 'z')]);
    expect(code).toBe(1);
    expect(err).toContain('add phrases of another intent');
  });
});

describe('okno nlu predict', () => {
  it('without a model takes the one that ships, and says so', async () => {
    const { code, out } = await call('predict', [], ['сколько у меня на счёте?\n']);
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ intent: 'check_balance' })]);
    expect((await call('predict', ['--help'], [])).out).toMatch(/default: the one that ships/);
  });

  it('answers each line with one JSON line', async () => {
    const { code, out } = await call('predict', ['--model', model], ['my balance\nя потерял карту\n']);
    expect(code).toBe(0);
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ intent, language }) => [intent, language])).toEqual([
      ['balance', 'en'],
      ['block', 'ru'],
    ]);
    expect(answers[0].alternatives).toHaveLength(2);
    expect(answers[0].confidence).toBeGreaterThan(0.5);
  });

  it('answers a line before the next one has come', async () => {
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    const running = main(['nlu', 'predict', '--model', model], { stdin, stdout, stderr: new PassThrough() });
    stdin.write('my balance\n');
    const [first] = await new Promise<[Buffer]>((resolve) =>
      stdout.once('data', (chunk) => resolve([chunk])),
    );
    expect(JSON.parse(first.toString()).intent).toBe('balance');
    stdin.end();
    expect(await running).toBe(0);
  });

  it('ends with 0 when its reader has read enough', async () => {
    const stdin = Readable.from(Array.from({ length: 100 }, () => 'my balance\n'));
    const stdout = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) =>
        setImmediate(() => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))),
    });
    const stderr = new PassThrough();
    expect(await main(['nlu', 'predict', '--model', model], { stdin, stdout, stderr })).toBe(0);
    expect(stderr.read()).toBe(null);
  });

  it('takes any line: empty, huge, null bytes, lone surrogates, broken UTF-8, CRLF, no end of line', async () => {
    const lines = [
      '',
      'я '.repeat(50_000),
      'a\0b',
      JSON.parse('"\\ud800x"') as string,
      '\u2028 one line',
      'my balance\r',
      '🙂',
    ];
    const bytes = Buffer.concat([Buffer.from(lines.join('\n')), Buffer.from([0xff, 0xfe, 0x0a, 0x62])]);
    const pieces = [bytes.subarray(0, 7), bytes.subarray(7, 1000), bytes.subarray(1000)];
    const { code, out } = await call('predict', ['--model', model], pieces);
    expect(code).toBe(0);
    const answers = out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(answers).toHaveLength(lines.length + 1);
    expect(answers[0]).toMatchObject({ text: '', intent: 'none', entities: [] });
    expect(answers[1].text).toHaveLength(100_000);
    expect(answers[5]).toMatchObject({ text: 'my balance', intent: 'balance' });
  });

  it.each([
    [
      'garbage',
      Buffer.from('not a model at all, but long enough to look like one to a hasty reader of files'),
      'is not a model of Okno',
    ],
    ['damaged', undefined, 'is damaged'],
    ['old', 'version', 'has format version'],
  ])('refuses a %s file with the problem and the fix', async (_, content, problem) => {
    const file = join(folder, 'bad.model');
    const bytes = Buffer.from(readFileSync(model));
    if (content === undefined) bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    if (content === 'version') bytes.writeUInt32LE(99, 8);
    writeFileSync(file, content instanceof Buffer ? content : bytes);
    const { code, err } = await call('predict', ['--model', file], ['x\n']);
    expect(code).toBe(1);
    expect(err).toContain(`${file} ${problem}`);
    expect(err).toContain('okno nlu train');
  });
});

describe('okno nlu evaluate', () => {
  it('measures and tells the confusions', async () => {
    const test = join(folder, 'test.tsv');
    const foreign = join(folder, 'foreign.txt');
    writeFileSync(test, 'my balance please\tbalance\nblock the card\tblock\nblock the card now\tbalance\n');
    writeFileSync(foreign, 'the moon is far\n');
    const argv = ['--train', data, '--test', test, '--oos', foreign, '--json'];
    const { code, out } = await call('evaluate', argv);
    expect(code).toBe(0);
    const figures = JSON.parse(out);
    expect(figures.accuracy).toBeCloseTo(2 / 3);
    expect(figures.outOfScope.texts).toBe(1);
    expect(figures.confusions[0]).toMatchObject({ truth: 'balance', answer: 'block' });
  });

  it('cross-validates without a test file, and looks through the phrases', async () => {
    const foreign = join(folder, 'foreign.txt');
    writeFileSync(foreign, 'the moon is far\nwho wrote this song\nпогода на завтра\n');
    const argv = ['--train', data, '--folds', '2', '--oos-train', foreign, '--lint', '--curve', '--json'];
    const { code, out } = await call('evaluate', argv);
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ texts: 8, outOfScope: { texts: 3 } });
    expect(report.findings).toContainEqual({ kind: 'too-few', intent: 'block', phrases: 4, least: 5 });
    expect(report.learningCurve).toHaveLength(4);
    expect(report.scopeCurve.length).toBeGreaterThan(0);
  });

  it('compares two sets of phrases on the same test', async () => {
    const worse = join(folder, 'worse.tsv');
    const test = join(folder, 'test.tsv');
    writeFileSync(worse, 'what is my balance\tbalance\nblock\tblock\n');
    writeFileSync(test, 'how much money\tbalance\nlost card\tblock\n');
    const { code, out } = await call('evaluate', ['--train', data, '--test', test, '--against', worse]);
    expect(code).toBe(0);
    expect(out).toMatch(/against +\+.*p = .*may be chance/);
  });

  it('compares two sets of phrases by cross-validation, on those that both hold', async () => {
    const more = join(folder, 'more.tsv');
    writeFileSync(more, `${phrases}\nwhere is my money\tbalance\nmy card was stolen\tblock\n`);
    const argv = ['--train', more, '--against', data, '--json'];
    const { code, out } = await call('evaluate', argv);
    expect(code).toBe(0);
    expect(JSON.parse(out).comparison).toMatchObject({ texts: 8, p: expect.any(Number) });
    const itself = await call('evaluate', ['--train', data, '--against', data, '--json']);
    expect(JSON.parse(itself.out).comparison).toMatchObject({ texts: 8, gain: 0, p: 1 });

    const other = join(folder, 'other.tsv');
    writeFileSync(other, 'a dog\tdog\nthe dogs\tdog\na cat\tcat\nmany cats\tcat\n');
    const none = await call('evaluate', ['--train', data, '--against', other]);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('share no phrase') });
  });

  it.each([
    [['--train', 'x', '--test', 'x', '--folds', '3'], '--test and --folds'],
    [['--train', 'x', '--oos', 'x'], '--oos needs --test'],
    [['--train', 'x', '--folds', '1'], '--folds is 1; give a number from 2 to 20'],
  ])('answers %j with 2 and the reason', async (argv, reason) => {
    const { code, err } = await call(
      'evaluate',
      argv.map((word) => (word === 'x' ? data : word)),
    );
    expect(code).toBe(2);
    expect(err).toContain(reason);
  });
});
