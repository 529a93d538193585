import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ROOT } from '../../config/version.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';
import { openChat } from '../gateway/connectors/chat-client.ts';

const ACCOUNT = 'Номер счёта 40817810099910004312.';

let folder: string;
let telegram: FakeTelegram;
let hub: TestHub;
let olga: DeskOperator;

// A bank that turns the classes of both channels round.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'okno-'));
  const shipped = await readFile(join(ROOT, 'config', 'hub.yaml'), 'utf8');
  const given = shipped
    .replace('    network: webchat\n', '    network: webchat\n    dataClass: personal\n')
    .replace('    network: telegram\n', '    network: telegram\n    dataClass: bank-secret\n');
  await writeFile(join(folder, 'hub.yaml'), given);
  telegram = await startFakeTelegram();
  hub = await startHub({
    env: {
      OKNO_CONFIG: join(folder, 'hub.yaml'),
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
    },
  });
  olga = await signIn(hub.url);
});
afterAll(async () => {
  await hub.stop();
  await telegram.stop();
  await rm(folder, { recursive: true });
});

vi.setConfig({ testTimeout: 60_000 });

test('a channel carries what its bank says', async () => {
  telegram.say(9201, ACCOUNT);
  expect(await telegram.hears(9201, 1, 20_000)).toEqual([`you said ${ACCOUNT}`]);
});

test('what the page may not show it does not show, be it said or an edit, live or read again', async () => {
  const openPage = () =>
    openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, { origin: hub.url });
  const page = await openPage();
  const { token } = await page.hello({ locale: 'ru' });
  page.send({ type: 'message', id: 'm1', text: ACCOUNT });
  await page.until(() => page.heard().length === 1, 'what is said instead');
  expect(page.heard()[0]).toMatch(/^В ответе есть номер, который нельзя передавать здесь целиком/);

  const row = (await olga.list('all')).find(({ channel }) => channel === 'webchat');
  if (!row) throw new Error('the page has no conversation');
  await olga.act('take', row);
  const said = await olga.say(row.id, 'Сейчас посмотрю');
  await olga.say(row.id, ACCOUNT);
  await olga.revise(row.id, Number(said.body.seq), 'edit', { id: 'e1', text: ACCOUNT });
  await olga.say(row.id, 'Счёт …4312');
  await page.until(() => page.heard().includes('Счёт …4312'), 'the tail');
  const again = await openPage();
  await again.hello({ token, locale: 'ru' });
  await again.until(() => again.heard().includes('Счёт …4312'), 'the tail');
  for (const seen of [page, again]) {
    expect(seen.heard().slice(1)).toEqual(['Сейчас посмотрю', 'Счёт …4312']);
    expect(
      JSON.stringify(seen.frames.filter((frame) => !('from' in frame) || frame.from !== 'client')),
    ).not.toContain('40817');
    await seen.close();
  }
});
