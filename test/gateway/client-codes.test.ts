import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionCall, ActionResult } from '../../gateway/actions.ts';
import { type ClientCodes, createClientCodes } from '../../gateway/client-codes.ts';
import type { SendOutcome } from '../../gateway/connectors/outgoing.ts';
import { twilio } from '../../gateway/connectors/twilio/index.ts';
import { newId } from '../../gateway/ids.ts';
import type { ActionId, ChannelId, IdentityId } from '../../gateway/model/ids.ts';
import { type Database, openDatabase } from '../../gateway/store/database.ts';
import { freshDatabase } from '../fixtures/postgres.ts';

const PHONE = '+79160000001';
const MINUTE_MS = 60_000;

let db: Database;
let nowMs: number;
let outcome: SendOutcome;
/** What was sent, oldest first. */
let sent: { to: string; code: string }[];
let codes: ClientCodes;

beforeAll(async () => {
  db = openDatabase(await freshDatabase(), () => {});
});
afterAll(() => db.end());

beforeEach(async () => {
  await db.query('truncate client_code cascade');
  await db.query('truncate opt_out');
  nowMs = Date.UTC(2026, 5, 1, 12);
  outcome = { outcome: 'accepted' };
  sent = [];
  codes = createClientCodes({
    db,
    channel: {
      id: 'sms' as ChannelId,
      capabilities: twilio.capabilities,
      connector: {
        receive: () => ({ authentic: false, reason: 'no-webhook' }),
        async send(part) {
          if (part.kind === 'text')
            sent.push({ to: part.externalThread, code: /\d{6}/.exec(part.text)?.[0] ?? '' });
          return outcome;
        },
      },
    },
    findContact: async ({ parameters }) => ({
      outcome: 'done',
      result: { to: String(parameters.contact ?? PHONE), customer: 'C-1' },
    }),
    perMinute: 20,
    now: () => new Date(nowMs),
  });
});

const someone = () => newId<IdentityId>();

function call(
  identity: IdentityId,
  parameters: Record<string, string> = {},
  id = newId<ActionId>(),
): ActionCall {
  const signal = new AbortController().signal;
  return { id, name: '', parameters, identity, evidence: 'claimed', locale: 'ru', signal };
}

const wrongOf = (code: string | undefined) => (code === '000000' ? '111111' : '000000');
const refused = (code: string): ActionResult => ({ outcome: 'refused', code });

describe('a guess', () => {
  it('counts against the code, which is dead after three, also for the right one', async () => {
    const ann = someone();
    await codes.send(call(ann));
    const wrong = wrongOf(sent[0]?.code);
    const answers = [];
    for (let time = 0; time < 3; time++) answers.push(await codes.check(call(ann, { code: wrong })));
    expect(answers).toEqual([refused('wrong-code'), refused('wrong-code'), refused('attempts-over')]);
    expect(await codes.check(call(ann, { code: sent[0]?.code ?? '' }))).toEqual(refused('attempts-over'));
  });

  it('counts when many come at once: one of ten codes may not be right by being quick', async () => {
    const ann = someone();
    await codes.send(call(ann));
    const wrong = wrongOf(sent[0]?.code);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => codes.check(call(ann, { code: wrong }))),
    );
    expect(answers.filter((it) => it.outcome === 'refused' && it.code === 'wrong-code')).toHaveLength(2);
    expect(answers.filter((it) => it.outcome === 'refused' && it.code === 'attempts-over')).toHaveLength(8);
  });
});

describe('a right code', () => {
  it('proves the customer once; said again, or by the same call again, it proves nothing more', async () => {
    const ann = someone();
    await codes.send(call(ann));
    const first = call(ann, { code: sent[0]?.code ?? '' });
    const proved = await codes.check(first);
    expect(proved).toMatchObject({
      outcome: 'done',
      proves: { evidence: 'code-confirmed', customer: 'C-1' },
    });
    // A hub that was killed before it stored the answer asks again, and hears what it heard.
    expect(await codes.check(first)).toEqual(proved);
    expect(await codes.check(call(ann, { code: sent[0]?.code ?? '' }))).toEqual(refused('no-code'));
  });

  it('is used once where two calls bring it side by side', async () => {
    const ann = someone();
    await codes.send(call(ann));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => codes.check(call(ann, { code: sent[0]?.code ?? '' }))),
    );
    expect(answers.filter((it) => it.outcome === 'done')).toHaveLength(1);
  });

  it('counts for nobody else, no longer than five minutes, and not after a newer one', async () => {
    const [ann, eve] = [someone(), someone()];
    await codes.send(call(ann));
    expect(await codes.check(call(eve, { code: sent[0]?.code ?? '' }))).toEqual(refused('no-code'));
    nowMs += 5 * MINUTE_MS;
    expect(await codes.check(call(ann, { code: sent[0]?.code ?? '' }))).toEqual(refused('no-code'));
    await codes.send(call(ann));
    nowMs += 1;
    await codes.send(call(ann));
    const [, second, third] = sent;
    if (second?.code !== third?.code)
      expect(await codes.check(call(ann, { code: second?.code ?? '' }))).toEqual(refused('wrong-code'));
    expect(await codes.check(call(ann, { code: third?.code ?? '' }))).toMatchObject({ outcome: 'done' });
  });

  it('is the last one sent, where a call that was cut off is made again', async () => {
    const ann = someone();
    const asked = call(ann);
    await codes.send(asked);
    await codes.send(asked);
    const { rows } = await db.query('select from client_code');
    expect(rows).toHaveLength(1);
    expect(await codes.check(call(ann, { code: sent[1]?.code ?? '' }))).toMatchObject({ outcome: 'done' });
  });
});

describe('a flood', () => {
  it('of one client ends after three codes in ten minutes, whatever the numbers', async () => {
    const eve = someone();
    const answers = [];
    for (let n = 0; n < 5; n++) answers.push(await codes.send(call(eve, { contact: `+7916000001${n}` })));
    expect(answers.slice(3)).toEqual([refused('too-many-codes'), refused('too-many-codes')]);
    expect(sent).toHaveLength(3);
    nowMs += 10 * MINUTE_MS;
    expect(await codes.send(call(eve))).toMatchObject({ outcome: 'done' });
  });

  it('to one contact ends after three, whoever asks, also side by side, and after ten in a day', async () => {
    await Promise.all(Array.from({ length: 8 }, () => codes.send(call(someone()))));
    expect(sent).toHaveLength(3);
    for (let round = 0; round < 10; round++) {
      nowMs += 11 * MINUTE_MS;
      for (let n = 0; n < 3; n++) await codes.send(call(someone()));
    }
    expect(sent).toHaveLength(10);
  });

  it('of many clients to many contacts ends at what the hub sends in a minute', async () => {
    for (let n = 0; n < 25; n++) await codes.send(call(someone(), { contact: `+791600002${n + 10}` }));
    expect(sent).toHaveLength(20);
  });
});

it('tells whether a code went out: what nobody knows counts as sent, and what was refused does not', async () => {
  const results = [];
  for (const came of [
    { outcome: 'unknown', reason: 'cut' },
    { outcome: 'rejected', reason: 'bad-number' },
    { outcome: 'retry', reason: 'http-503' },
  ] as const) {
    outcome = came;
    results.push(await codes.send(call(someone(), { contact: `+79160000${results.length}77` })));
  }
  expect(results).toEqual([
    { outcome: 'done', result: { to: '+7•••77' } },
    { outcome: 'failed', code: 'code-not-sent' },
    { outcome: 'failed', code: 'code-not-sent' },
  ]);
});

it('sends nothing to whoever wants no messages', async () => {
  await db.query(`insert into opt_out (channel, external_thread, at) values ('sms', $1, now())`, [PHONE]);
  expect(await codes.send(call(someone()))).toEqual(refused('opted-out'));
  expect(sent).toEqual([]);
});
