import { request } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../../config/cli.ts';
import { terminalLocale } from '../../config/commands/bot.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { freshDatabase } from '../fixtures/postgres.ts';

let hub: TestHub;
let databaseUrl: string;

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  hub = await startHub({ databaseUrl });
});

afterAll(() => hub.stop());

/** The code of the problem that a path is answered with; nothing in between may shorten the path. */
function codeOf(path: string): Promise<string> {
  const { hostname, port } = new URL(hub.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (answer) => {
      text(answer).then((body) => resolve(`${answer.statusCode} ${JSON.parse(body).code}`), reject);
    })
      .on('error', reject)
      .end();
  });
}

test.each(['/widget/none.js', '/widget/a/../../package.json', '/home/%2e%2e/%2e%2e/package.json'])(
  'a path that leads out of a folder, as %s, is told no more than one that leads nowhere',
  async (path) => {
    expect(await codeOf(path)).toBe('404 not-found');
  },
);

test('an empty list says that it is empty', async () => {
  vi.stubEnv('DATABASE_URL', databaseUrl);
  const out = async (...argv: string[]) => {
    const stdout = new PassThrough();
    await main(argv, { stdin: new PassThrough(), stdout, stderr: new PassThrough() });
    stdout.end();
    return text(stdout);
  };
  expect(await out('dead', 'list')).toBe('No message waits for a decision.\n');
  expect(await out('quarantine', 'list')).toBe('The quarantine is empty.\n');
  expect(await out('quarantine', 'list', '--decided')).toBe('Nothing was decided.\n');
  expect(JSON.parse(await out('dead', 'list', '--json')).rows).toEqual([]);
  vi.unstubAllEnvs();
});

test('the chat greets in the language of the terminal, as POSIX orders its variables', () => {
  expect(terminalLocale({ LANG: 'ru_RU.UTF-8' })).toBe('ru');
  expect(terminalLocale({ LANG: 'ru_RU.UTF-8', LC_ALL: 'en_GB.UTF-8' })).toBe('en');
  expect(terminalLocale({ LANG: 'C' })).toBeUndefined();
  expect(terminalLocale({})).toBeUndefined();
});
