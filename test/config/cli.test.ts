import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { main } from '../../config/cli.ts';
import { version } from '../../config/version.ts';

async function okno(...argv: string[]) {
  const stdin = new PassThrough();
  stdin.end();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await main(argv, { stdin, stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, out: await text(stdout), err: await text(stderr) };
}

const COMMANDS = [
  'start',
  'migrate',
  'user add',
  'user list',
  'user disable',
  'nlu train',
  'nlu predict',
  'nlu evaluate',
  'script lint',
  'script test',
  'script replay',
  'script export',
  'chat',
  'doctor',
  'verify',
  'export',
  'connector new',
];

describe('okno', () => {
  it.each([[[]], [['--help']], [['help']]])('with %o lists its commands', async (argv) => {
    const { code, out, err } = await okno(...argv);
    expect([code, err]).toEqual([0, '']);
    for (const name of COMMANDS) expect(out).toContain(`  ${name} `);
  });

  it.each(COMMANDS)('%s explains itself', async (name) => {
    const { code, out } = await okno(...name.split(' '), '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^(Usage: )?okno ${name}`));
  });

  it('lists the commands of a group', async () => {
    const { code, out } = await okno('user', '--help');
    expect(code).toBe(0);
    expect(out).toContain('user disable');
    expect(out).not.toContain('migrate');
  });

  it.each([
    [['dance'], 'okno has no command dance'],
    [['user'], 'okno user needs one more word: add, list, disable\n'],
    [['quarantine'], 'okno quarantine needs one more word: list, show, replay, discard\n'],
    [['user', 'dance'], 'okno has no command user dance'],
    [['user', 'list', '--loud'], "okno user list: Unknown option '--loud'"],
    [['export', '--from', 'yesterday'], 'okno export: --from yesterday is no date; write 2026-11-01'],
    [
      ['export', '--from', '2026-11-02', '--to', '2026-11-01'],
      'okno export: --from 2026-11-02 is later than --to 2026-11-01',
    ],
    [['erase'], 'okno erase: give one id\n'],
    [['script', 'export'], 'okno script export: name one folder\n'],
    [['script', 'test', '--loud'], "okno script test: Unknown option '--loud'"],
    [['chat', '--locale', 'de'], 'okno chat: --locale is de; write ru or en\n'],
    [['export', '--contact', '7'], 'okno export: 7 is not an id'],
    [['user', 'add'], 'okno user add: give an e-mail address'],
    [['user', 'add', 'a@b.c', '--role', 'king'], 'okno user add: king is not a role; known are operator'],
    [['connector', 'new'], "okno connector new: give the network's name"],
    [['connector', 'new', 'Вайбер'], 'okno connector new: Вайбер cannot be'],
    [['connector', 'new', 'class'], 'okno connector new: class cannot be'],
    [['connector', 'new', 'telegram'], 'okno connector new: gateway/connectors/telegram is there already'],
    [['start', 'now'], 'okno start: Unexpected argument'],
  ])('calls %o bad usage', async (argv, message) => {
    const { code, out, err } = await okno(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('says its version', async () => {
    expect(await okno('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
    expect((await okno('--help')).out).toContain('okno --version');
  });

  it.each([
    [['script', 'test', '/nope'], 'okno script test: /nope does not exist; check the path\n'],
    [['script', 'test', '--model', '/'], 'okno script test: / is a folder; check the path\n'],
    [['chat', '--model', '/nope'], 'okno chat: /nope does not exist; check the path\n'],
    [['chat', '--scripts', '/nope'], '/nope:1: does not exist; name an existing folder\n'],
  ])('says in words what it cannot read: %o', async (argv, message) => {
    expect(await okno(...argv)).toEqual({ code: 1, out: '', err: message });
  });

  it('counts one error as one', async () => {
    const { code, out } = await okno('script', 'lint', '/nope');
    expect([code, out]).toEqual([
      1,
      '/nope:1: does not exist; name an existing folder\n1 error, 0 warnings\n',
    ]);
  });

  it.each([
    ['EPIPE', 0, ''],
    ['ENOSPC', 1, 'okno: ENOSPC: write\n'],
  ])('whose reader is gone, or whose disk is full, ends so: %s', async (code, exit, said) => {
    const [stdin, stderr] = [new PassThrough(), new PassThrough()];
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: write`), { code })),
    });
    expect(await main(['--help'], { stdin, stdout, stderr })).toBe(exit);
    stderr.end();
    expect(await text(stderr)).toBe(said);
  });
});
