import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_LOGINS } from '../../gateway/access/first-users.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';
import { openChat } from '../gateway/connectors/chat-client.ts';

let fake: FakeTelegram;
let hub: TestHub;
let olga: DeskOperator;
let headers: Record<string, string>;
let png: Buffer;

beforeAll(async () => {
  fake = await startFakeTelegram();
  hub = await startHub({ env: { TELEGRAM_BOT_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.url } });
  olga = await signIn(hub.url);
  const { email } = DEMO_LOGINS.logins.find((one) => one.email === 'operator@demo.bank') ?? { email: '' };
  const answer = await fetch(`${hub.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-okno': '1' },
    body: JSON.stringify({ email, password: DEMO_LOGINS.password }),
  });
  const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
  headers = { 'x-okno': '1', cookie: cookie.join('; ') };
  png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#0a0' } })
    .png()
    .toBuffer();
});
afterAll(async () => {
  await hub.stop();
  await fake.stop();
});

/** A file's state once it is no longer on its way. */
async function looked(id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const answer = await fetch(`${hub.url}/api/v1/media/${id}`, { headers });
    const state = (await answer.json()) as Record<string, unknown>;
    if (answer.status !== 200 || state.state !== 'pending') return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function upload(bytes: Uint8Array, name: string, type: string): Promise<Response> {
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array(bytes)], { type }), name);
  return fetch(`${hub.url}/api/v1/media`, { method: 'POST', headers, body });
}

test("a client's photo is fetched, shown to staff by a link that ends, and to nobody else", async () => {
  const chat = { id: 7, type: 'private' };
  fake.chats.open(7);
  fake.files.set('photo-1', { path: 'photos/1.png', bytes: png });
  const photo = [{ file_id: 'photo-1', file_unique_id: 'u', width: 8, height: 8 }];
  const from = { id: 7, is_bot: false, first_name: 'Анна' };
  fake.push({ message: { message_id: 900, date: 1_700_000_000, chat, from, photo, caption: 'чек' } });
  await fake.hears(7, 1);

  const [row] = await olga.list('all');
  const items = await olga.read(row?.id ?? '');
  const message = items.find((item) => item.type === 'message' && item.from === 'client');
  if (message?.type !== 'message') throw new Error('the photo is not in the transcript');
  const [part] = message.content;
  expect(part).toMatchObject({ kind: 'image', caption: 'чек' });
  const id = part?.kind === 'image' ? part.media.id : '';
  const found = await looked(id);
  expect(found).toMatchObject({ state: 'stored', shown: true, type: 'image/png' });

  const link = `${hub.url}${String(found.link)}`;
  const shown = await fetch(link);
  expect(shown.status).toBe(200);
  expect(Object.fromEntries(shown.headers)).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': 'inline',
  });
  expect(await sharp(Buffer.from(await shown.arrayBuffer())).metadata()).toMatchObject({
    width: 8,
    height: 8,
  });
  expect((await fetch(link.replace(/sign=./, 'sign=_'))).status).toBe(404);
  expect((await fetch(link.replace(/until=\d/, 'until=9'))).status).toBe(404);
  expect((await fetch(`${hub.url}/api/v1/media/${id}`)).status).toBe(401);
});

test('an operator sends a file with a text; the client gets it whole', async () => {
  const [row] = await olga.list('all');
  if (!row) throw new Error('no dialogue');
  await olga.act('take', row);
  const uploaded = await upload(png, 'схема.png', 'image/png');
  expect(uploaded.status).toBe(200);
  const { id } = (await uploaded.json()) as { id: string };
  const say = (body: object) =>
    fetch(`${hub.url}/api/v1/conversations/${row.id}/messages`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await say({ id: 'a', text: 'Схема проезда', media: [id] })).status).toBe(200);
  await fake.chats.until(
    () => fake.chats.find(7)?.messages.some(({ sent }) => sent?.what === 'photo') === true,
    'a photo',
  );
  const sent = fake.chats.find(7)?.messages.find((one) => one.sent?.what === 'photo')?.sent;
  expect(sent?.fileName).toBe('схема.png');
  expect(await sharp(Buffer.from(sent?.bytes ?? [])).metadata()).toMatchObject({ format: 'png', width: 8 });
  expect(fake.saidTo(7)).toContain('Схема проезда');
  expect((await say({ id: 'b', media: ['00000000-0000-4000-8000-000000000000'] })).status).toBe(400);
  expect((await say({ id: 'c', text: ' ' })).status).toBe(400);
});

test('a text with an album gets other words beside its pictures, and is taken back with every picture', async () => {
  const row = (await olga.list('mine'))[0];
  if (!row) throw new Error('the dialogue is gone');
  const ids = await Promise.all(
    ['1.png', '2.png'].map(
      async (name) => ((await (await upload(png, name, 'image/png')).json()) as { id: string }).id,
    ),
  );
  const said = await fetch(`${hub.url}/api/v1/conversations/${row.id}/messages`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'album', text: 'Два входа', media: ids }),
  });
  const { seq } = (await said.json()) as { seq: number };
  const shown = () =>
    fake.chats
      .find(7)
      ?.messages.flatMap(({ from, text, sent }) => (from === 'bot' ? [sent?.album ? 'album' : text] : []));
  const before = shown() ?? [];
  await fake.chats.until(() => shown()?.filter((one) => one === 'album').length === 2, 'an album');
  expect((await olga.revise(row.id, seq, 'edit', { id: 'e', text: 'Два выхода' })).status).toBe(200);
  await fake.chats.until(() => shown()?.includes('Два выхода') === true, 'other words');
  expect(shown()?.slice(-3)).toEqual(['Два выхода', 'album', 'album']);
  expect((await olga.revise(row.id, seq, 'delete', { id: 'd' })).status).toBe(200);
  await fake.chats.until(() => shown()?.includes('album') === false, 'nothing of it');
  expect(shown()).toEqual(before.filter((one) => one !== 'Два входа' && one !== 'album'));
  expect((await olga.read(row.id)).find((item) => item.seq === seq)).toMatchObject({
    content: [{ text: 'Два входа' }, { kind: 'image' }, { kind: 'image' }],
  });
});

test('a client on the page gets a picture to see and a document to save', async () => {
  const page = await openChat(`${hub.url.replace('http', 'ws')}/channels/webchat/socket`, {
    origin: hub.url,
  });
  await page.hello({ locale: 'ru' });
  page.send({ type: 'message', id: 'w1', text: 'позовите сотрудника' });
  await page.nth('stored', 1);
  const row = (await olga.list('all')).find(({ channel }) => channel === 'webchat');
  if (!row) throw new Error('no dialogue on the page');
  expect((await olga.act('take', await olga.see(row.id))).status).toBe(200);
  const ids = await Promise.all(
    [
      upload(png, 'схема.png', 'image/png'),
      upload(Buffer.from('<!doctype html><p>договор'), 'договор.html', 'text/html'),
    ].map(async (sent) => ((await (await sent).json()) as { id: string }).id),
  );
  const said = await fetch(`${hub.url}/api/v1/conversations/${row.id}/messages`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'f', media: ids }),
  });
  expect(said.status).toBe(200);
  const frame = await page.message(({ from }) => from === 'operator');
  expect(frame.files).toMatchObject([
    { kind: 'image', name: 'схема.png', type: 'image/png', isShown: true },
    { kind: 'file', name: 'договор.html', isShown: false },
  ]);
  const [picture, document] = await Promise.all(
    (frame.files ?? []).map(({ path }) => fetch(`${hub.url}${path}`)),
  );
  expect(
    await sharp(Buffer.from((await picture?.arrayBuffer()) ?? new ArrayBuffer(0))).metadata(),
  ).toMatchObject({ width: 8 });
  expect(document?.headers.get('content-disposition')).toMatch(/^attachment/);

  // And the other way: the client's own, stored with its message.
  page.send({ type: 'file', id: 'own', name: 'чек.png', mime: 'image/png', size: png.length });
  await page.nth('ready', 1);
  page.socket.send(png);
  await page.until(() => page.frames.some((sent) => sent.type === 'stored' && sent.id === 'own'), 'own file');
  const items = await olga.read(row.id);
  const own = items.findLast((item) => item.type === 'message' && item.from === 'client');
  const part = own?.type === 'message' ? own.content[0] : undefined;
  expect(part).toMatchObject({ kind: 'image', name: 'чек.png' });
  expect(await looked(part?.kind === 'image' ? part.media.id : '')).toMatchObject({
    state: 'stored',
    shown: true,
    type: 'image/png',
  });
  const mine = await page.message(({ id }) => id === 'own');
  expect(mine.files).toMatchObject([{ kind: 'image', name: 'чек.png', isShown: true }]);
  await page.close();
});

test('what must not be sent is refused with its reason, and a page is only ever a download', async () => {
  const broken = await upload(png.subarray(0, 60), 'a.png', 'image/png');
  expect([broken.status, (await broken.json()).code]).toEqual([422, 'file-refused']);
  const large = await upload(new Uint8Array(21 * 1024 * 1024), 'a.bin', 'application/octet-stream');
  expect(large.status).toBe(413);
  const page = await upload(Buffer.from('<!doctype html><script>alert(1)</script>'), 'a.html', 'text/html');
  const { id } = (await page.json()) as { id: string };
  const found = await looked(id);
  expect(found).toMatchObject({ state: 'stored', shown: false });
  const got = await fetch(`${hub.url}${String(found.link)}`);
  expect(got.headers.get('content-type')).toBe('application/octet-stream');
  expect(got.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''a.html");
});

test('the ledger is whole', async () => {
  expect(await hub.verify()).toMatchObject({ ok: true, broken: [] });
});
