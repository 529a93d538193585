import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pdu } from 'smpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeSmsc, startFakeSmsc } from '../fakes/smsc.ts';
import { deliverOf, piecesOf } from '../fakes/smsc-messages.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';
import { hasKannel, type Kannel, startKannel } from '../fixtures/kannel.ts';

const PHONE = '79161234567';
const TOKEN = 'the-token-of-kannel';
const ESCAPES = 'from=%p&to=%P&text=%b&charset=%C&id=%I';

describe.skipIf(!hasKannel)('Kannel as the gateway to the network', () => {
  let smsc: FakeSmsc;
  let hub: TestHub;
  let kannel: Kannel;

  beforeAll(async () => {
    smsc = await startFakeSmsc();
    // The hub has to know Kannel's address, and Kannel the hub's.
    const door = createServer(async (request, response) => {
      const answer = await fetch(`${hub.url}${request.url}`);
      response.writeHead(answer.status).end(await answer.text());
    });
    const url = await listen(door);
    kannel = await startKannel({
      smscUrl: smsc.url,
      getUrl: `${url}/channels/kannel/webhook?token=${TOKEN}&${ESCAPES}`,
    });
    hub = await startHub({
      env: { KANNEL_SEND_URL: kannel.sendUrl, KANNEL_TOKEN: TOKEN, SMS_SENDER: '7000' },
    });
    await smsc.until(() => smsc.sessions > 0);
    doors.push(door);
  });
  const doors: Server[] = [];
  afterAll(async () => {
    await hub.stop();
    await kannel.stop();
    await smsc.stop();
    for (const door of doors) door.close();
  });

  it.each([
    ['English', 'balance [1] {2} €3 ^ ~ | \\'],
    ['Russian', 'Сколько на карте? 👍 «ёлка»'],
  ])('says %s back', async (_language, text) => {
    const before = smsc.saidTo(PHONE).length;
    await smsc.deliver(deliverOf(text, { from: PHONE }));
    expect((await smsc.hears(PHONE, before + 1)).at(-1)).toBe(`you said ${text}`);
  });

  it('takes a message that Kannel joined, and Kannel splits the answer', async () => {
    const text = 'Здравствуйте, где мой перевод? '.repeat(8).trim();
    const before = smsc.saidTo(PHONE).length;
    for (const piece of piecesOf(text, 11, { from: PHONE })) await smsc.deliver(piece);
    expect((await smsc.hears(PHONE, before + 1)).at(-1)).toBe(`you said ${text}`);
  });

  it('hears from Kannel that a message was delivered', async () => {
    smsc.receipts = { style: { in: 'text', spell: (id) => id.toString(16).toUpperCase() }, stat: 'DELIVRD' };
    await smsc.deliver(deliverOf('one more', { from: PHONE }));
    for (;;) {
      const { rows } = await hub.db.query<{ receipt: string | null }>(
        'select receipt from delivery order by position desc limit 1',
      );
      if (rows[0]?.receipt === 'delivered') break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await hub.verify()).toMatchObject({ ok: true, broken: [] });
  });
});

describe.skipIf(!hasKannel)('Kannel as the phone at the other end of SMPP', () => {
  let ours: FakeSmsc;
  let theirs: FakeSmsc;
  let hub: TestHub;
  let kannel: Kannel;
  let phone: Server;
  const heard: string[] = [];
  let look: () => void = () => {};

  beforeAll(async () => {
    [ours, theirs] = [await startFakeSmsc(), await startFakeSmsc()];
    phone = createServer((request, response) => {
      const [, charset = '', text = ''] = /charset=([^&]*)&text=(.*)/.exec(request.url ?? '') ?? [];
      const octets = Buffer.from(
        text
          .replaceAll('+', ' ')
          .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      );
      heard.push(new TextDecoder(charset).decode(octets));
      response.end();
      look();
    });
    kannel = await startKannel({ smscUrl: theirs.url, getUrl: `${await listen(phone)}/?charset=%C&text=%b` });
    hub = await startHub({ env: { SMPP_URL: ours.url, SMS_SENDER: '7000' } });
    await ours.until(() => ours.sessions > 0);
    await theirs.until(() => theirs.sessions > 0);
    pass(ours, theirs);
    pass(theirs, ours);
  });
  afterAll(async () => {
    await hub.stop();
    await kannel.stop();
    await ours.stop();
    await theirs.stop();
    phone.close();
  });

  it.each([
    ['a short text', 'hello [world] €', 'GSM'],
    ['a long text', 'The quick brown fox jumps over the lazy dog. '.repeat(9).trim(), 'GSM'],
    ['a short Russian text', 'Привет, как дела? 👍', 'UCS-2'],
    ['a long Russian text', 'Съешь ещё этих мягких французских булок. '.repeat(9).trim(), 'UCS-2'],
  ])('says %s, which Kannel split, back to Kannel, which joins it', async (_what, text, alphabet) => {
    const url = new URL(kannel.sendUrl);
    url.search = String(
      new URLSearchParams({
        username: url.username,
        password: url.password,
        from: `+${PHONE}`,
        to: '7000',
        text,
        charset: 'UTF-8',
        coding: alphabet === 'GSM' ? '0' : '2',
      }),
    );
    [url.username, url.password] = ['', ''];
    const before = heard.length;
    expect((await fetch(url)).status).toBe(202);
    await new Promise<void>((resolve) => {
      look = () => heard.length > before && resolve();
      look();
    });
    expect(heard.at(-1)).toBe(`you said ${text}`);
  });
});

/** Hands over there what is submitted here, octet by octet, as a network between two SMSCs does. */
function pass(from: FakeSmsc, to: FakeSmsc): void {
  let passed = 0;
  const go = async () => {
    while (passed < from.accepted.length) {
      const pdu = from.accepted[passed];
      passed += 1;
      if (pdu) await to.deliver(onwards(pdu));
    }
  };
  let going = Promise.resolve();
  void from.until(() => {
    if (passed < from.accepted.length) going = going.then(go);
    return false;
  });
}

function onwards(pdu: Pdu): Record<string, unknown> {
  const names = ['source_addr_ton', 'source_addr_npi', 'source_addr', 'dest_addr_ton', 'dest_addr_npi'];
  const kept = [...names, 'destination_addr', 'esm_class', 'data_coding', 'short_message'];
  return Object.fromEntries(kept.map((name) => [name, pdu[name]]));
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
