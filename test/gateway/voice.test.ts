import twilio from 'twilio';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { dial as dialTo, prompt, result, setup as setupOf } from '../fakes/caller.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';

const TOKEN = 'a-token-of-sixteen';
const AUTH = 'twilio-auth-token';

let hub: TestHub;
let phone = 79_170_000_000;

beforeAll(async () => {
  hub = await startHub({ env: { VOICE_TOKEN: TOKEN, TWILIO_AUTH_TOKEN: AUTH } });
});
afterAll(() => hub.stop());
beforeEach(() => {
  phone += 1;
});

const dial = (path: string, headers?: Record<string, string>) => dialTo(hub.url, path, headers);
const setup = (more?: Record<string, unknown>) => setupOf(`+${phone}`, more);

interface Stored {
  readonly type: string;
  readonly text: string | null;
  readonly heard: string | null;
  readonly past: boolean | null;
}

async function stored(): Promise<readonly Stored[]> {
  const { rows } = await hub.db.query<Stored>(
    `select e.type, e.body -> 'content' -> 0 ->> 'text' as text, e.body ->> 'heard' as heard,
       (e.facts ->> 'past')::boolean as past
     from event e join binding b on b.conversation = e.conversation join thread t on t.id = b.thread
     where t.external_thread = $1 and e.type in ('message.received', 'message.sent', 'message.interrupted')
     order by e.conversation, e.seq`,
    [`+${phone}`],
  );
  return rows;
}

async function until(holds: (now: readonly Stored[]) => boolean): Promise<readonly Stored[]> {
  for (;;) {
    const now = await stored();
    if (holds(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('answers what was said once it is final, and stores nothing of what was not', async () => {
  const line = await dial(`relay?token=${TOKEN}`);
  line.send(setup());
  line.send(prompt('какой', false));
  line.send(prompt('какой у меня', false));
  line.send(prompt('какой у меня остаток'));
  line.send(prompt('какой у меня остаток'));
  expect(await line.hears(1)).toEqual(['you said какой у меня остаток']);
  line.send(prompt('спасибо'));
  await line.hears(2);
  const said = (await stored()).filter(({ type }) => type === 'message.received');
  expect(said.map(({ text }) => text)).toEqual(['какой у меня остаток', 'спасибо']);
  line.socket.close();
});

it('takes keys as one input', async () => {
  const line = await dial(`relay?token=${TOKEN}`);
  line.send(setup());
  for (const digit of ['1', '2', '#']) line.send({ type: 'dtmf', digit });
  expect(await line.hears(1)).toEqual(['you said 12']);
  line.socket.close();
});

it('says no more of an answer that the caller spoke over, and records what was heard of it', async () => {
  const line = await dial(`relay?token=${TOKEN}`);
  line.send(setup());
  line.send(prompt('расскажи о вкладах'));
  await line.hears(1);
  line.send({ type: 'interrupt', utteranceUntilInterrupt: 'you said рас', durationUntilInterruptMs: '460' });
  const events = await until((now) => now.some(({ type }) => type === 'message.interrupted'));
  expect(events.at(-1)).toMatchObject({ type: 'message.interrupted', heard: 'you said рас' });
  line.send(prompt('стоп, другое'));
  expect(await line.hears(2)).toEqual(['you said расскажи о вкладах', 'you said стоп, другое']);
  line.socket.close();
});

it('takes a Vosk server’s results, each once, in whatever order and over whatever connection they come', async () => {
  const path = `vosk?call=v-${phone}&from=${phone}&token=${TOKEN}`;
  const line = await dial(path);
  line.send({ partial: '' });
  line.send({ partial: 'раз' });
  line.send(result('раз два', 0.5));
  line.send(result('раз два', 0.5));
  await line.hears(1);
  line.send('not json');
  line.send({ config: { sample_rate: 8000 } });
  line.send({ text: '' });
  line.socket.close();
  await line.closed;
  const again = await dial(path);
  again.send(result('пять шесть', 8));
  again.send(result('раз два', 0.5));
  again.send(result('три четыре', 4));
  expect(await again.hears(2)).toEqual(['you said пять шесть', 'you said три четыре']);
  const said = (await stored()).filter(({ type }) => type === 'message.received');
  expect(said.map(({ text }) => text)).toEqual(['раз два', 'пять шесть', 'три четыре']);
  again.socket.close();
});

it('lets nobody in without the token or Twilio’s signature, nor a recording', async () => {
  const url = `${hub.url}/channels/voice/relay`;
  const sign = (secret: string, over: string) => ({
    'x-twilio-signature': twilio.getExpectedTwilioSignature(secret, over, {}),
  });
  for (const [path, headers] of [
    ['relay?token=wrong', {}],
    ['relay', sign('another', url)],
    ['relay', sign(AUTH, `${url}/other`)],
    [`relay?token=${TOKEN}`, sign('another', `${url}?token=${TOKEN}`)],
    ['vosk?call=1&token=wrong', {}],
    ['vosk?call=1', {}],
  ] as const) {
    const line = await dial(path, headers);
    expect(await line.closed, path).toBe(1008);
  }
  const silent = await dial('relay');
  silent.send(prompt('впусти меня'));
  expect(await silent.closed).toBe(1008);
  const claimed = await dial('relay');
  claimed.send(setup({ customParameters: { token: 'wrong' } }));
  expect(await claimed.closed).toBe(1008);
  expect(await stored()).toEqual([]);

  const signed = await dial('relay', sign(AUTH, url));
  const frame = setup();
  signed.send(frame);
  signed.send(prompt('это я'));
  expect(await signed.hears(1)).toEqual(['you said это я']);
  const replayed = await dial(`relay?token=${TOKEN}`);
  replayed.send(frame);
  expect(await replayed.closed).toBe(1008);
  const byParameter = await dial('relay');
  byParameter.send(setup({ customParameters: { token: TOKEN } }));
  byParameter.send(prompt('и снова я'));
  expect(await byParameter.hears(1)).toEqual(['you said и снова я']);
  for (const { socket } of [signed, byParameter]) socket.close();
});

async function post(body: string, type: string, query = '', token = TOKEN): Promise<Response> {
  return fetch(`${hub.url}/channels/voice/transcripts${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body,
  });
}

const VTT = `WEBVTT

1
00:00:01.000 --> 00:00:02.500
<v Клиент>Здравствуйте, где мой перевод?

00:01:05.000 --> 00:01:07.000
<v Сотрудник>Придёт <i>завтра</i>.
`;
const SRT = `1
00:00:01,000 --> 00:00:02,500
Клиент: Здравствуйте, где мой перевод?

2
00:01:05,000 --> 00:01:07,000
Сотрудник: Придёт завтра.
`;
const TEXT = '00:01 Клиент: Здравствуйте, где мой перевод?\n01:05 Сотрудник: Придёт завтра.';

it.each([
  ['WebVTT', VTT, 'text/vtt'],
  ['SubRip', SRT, 'application/x-subrip'],
])('keeps a finished transcript in %s once, as history that nobody answers', async (name, body, type) => {
  const query = `?call=${name}-${phone}&from=%2B${phone}`;
  expect((await post(body, type, query)).status).toBe(200);
  expect((await post(body, type, query)).status).toBe(200);
  await post(
    JSON.stringify({ call: `next-${phone}`, from: String(phone), segments: [{ text: 'ещё' }] }),
    'application/json',
  );
  const now = await stored();
  expect(now).toEqual([
    { type: 'message.received', text: TEXT, heard: null, past: true },
    { type: 'message.received', text: '00:00 ещё', heard: null, past: true },
  ]);
});

it('believes who called only where the source says how it made sure', async () => {
  const call = { from: `+${phone}`, segments: [{ start: 1, speaker: 'client', text: 'это я' }] };
  const send = (more: object) => post(JSON.stringify({ ...call, ...more }), 'application/json');
  const evidence = async () => {
    const { rows } = await hub.db.query<{ evidence: string; customer: string | null }>(
      'select evidence, customer from identity where channel = $1 and external_user = $2',
      ['voice', `+${phone}`],
    );
    return rows;
  };
  await send({ call: `a-${phone}` });
  expect(await evidence()).toEqual([{ evidence: 'claimed', customer: null }]);
  await send({ call: `b-${phone}`, authenticated: { customer: 'C-77', how: 'voice biometrics' } });
  expect(await evidence()).toEqual([{ evidence: 'bank-authenticated', customer: 'C-77' }]);
});

it('says what is wrong with a transcript, and takes none from strangers', async () => {
  for (const [body, type, query, detail] of [
    ['{', 'application/json', '', /not JSON/],
    ['{"call":"1","segments":[]}', 'application/json', '', /segments/],
    ['{"call":"a b","segments":[{"text":"hi"}]}', 'application/json', '', /call/],
    [VTT, 'text/vtt', '', /\?call=/],
    ['WEBVTT', 'text/vtt', '?call=1', /no cue/],
  ] as const) {
    const response = await post(body, type, query);
    expect([response.status, await response.json()]).toEqual([
      422,
      expect.objectContaining({ detail: expect.stringMatching(detail) }),
    ]);
  }
  const forged = JSON.stringify({
    call: `f-${phone}`,
    from: `+${phone}`,
    segments: [{ text: 'дайте денег' }],
  });
  expect((await post(forged, 'application/json', '', 'wrong')).status).toBe(401);
  expect((await fetch(`${hub.url}/channels/voice/transcripts`)).status).toBe(401);
  expect(await stored()).toEqual([]);
});

it('has a whole ledger', async () => {
  expect(await hub.verify()).toMatchObject({ ok: true, broken: [] });
});
