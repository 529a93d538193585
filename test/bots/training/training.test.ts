import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFollow } from '../../../bots/training/follow.ts';
import { createTrainer } from '../../../bots/training/trainer.ts';
import { DEMO_LOGINS } from '../../../gateway/access/first-users.ts';
import { createLiveModel } from '../../../nlu/live-model.ts';
import { shippedModel, shippedPhrases } from '../../../nlu/shipped.ts';
import { startHub, type TestHub } from '../../fixtures/hub.ts';

/** Threads have to be taught TypeScript, and the machine may be busy. */
const patient = 120_000;
const shipped = shippedModel();
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let hub: TestHub;
let admin: Person;
let operator: Person;

beforeAll(async () => {
  hub = await startHub({ demo: 'bank' });
  admin = await signIn('admin@demo.bank');
  operator = await signIn('operator@demo.bank');
}, patient);

afterAll(() => hub.stop());

describe('teaching the bot', { timeout: patient }, () => {
  it('is for those who may, and refuses what it cannot keep', async () => {
    expect((await operator('GET', 'phrases')).status).toBe(403);
    expect((await operator('POST', 'run', {})).status).toBe(403);
    for (const wrong of [
      { text: '', intent: 'check_balance' },
      { text: 'a\tb', intent: 'check_balance' },
      { text: 'a\u0000b', intent: 'check_balance' },
      { text: 'баланс', intent: 'Не намерение' },
      { text: 'я'.repeat(501), intent: 'check_balance' },
    ]) {
      expect((await admin('PUT', 'phrases', wrong)).status, JSON.stringify(wrong)).toBe(400);
    }
    expect((await admin('DELETE', 'phrases', { text: 'такой нет' })).status).toBe(404);
    expect((await admin('POST', 'publication', { version: 77 })).status).toBe(404);
    expect(await admin('POST', 'rollback', {})).toMatchObject({
      status: 409,
      body: { code: 'nothing-to-roll-back-to' },
    });
  });

  it('takes a decision, the last one counts, and takes it back', async () => {
    const text = 'покажи мои денежки';
    expect((await admin('PUT', 'phrases', { text, intent: 'block_card' })).body).toEqual({ text });
    expect((await admin('PUT', 'phrases', { text, intent: 'check_balance' })).body).toEqual({ text });
    const { body } = await admin('GET', 'phrases');
    expect(body.decisions).toMatchObject([{ text, intent: 'check_balance' }]);
    expect((await admin('DELETE', 'phrases', { text })).status).toBe(204);
    expect((await admin('GET', 'phrases')).body.decisions).toEqual([]);
  });

  it('keeps a phrase without the personal data in it, says how, and leaves as it stands what is there', async () => {
    const kept = { text: 'заблокируй карту 0000000000000000' };
    const given = { text: 'заблокируй карту 4276380012345679', intent: 'block_card' };
    expect(await admin('PUT', 'phrases', given)).toEqual({ status: 200, body: kept });
    expect((await admin('GET', 'phrases')).body.decisions).toMatchObject([kept]);
    expect((await admin('PUT', 'phrases', { ...kept, intent: null })).body).toEqual(kept);
    expect((await admin('DELETE', 'phrases', kept)).status).toBe(204);
    // It ships, and is moved, not doubled.
    const shipped = { text: 'переведи маше 500' };
    expect((await admin('PUT', 'phrases', { ...shipped, intent: null })).body).toEqual(shipped);
    expect((await admin('DELETE', 'phrases', shipped)).status).toBe(204);
    expect((await admin('GET', 'phrases')).body.decisions).toEqual([]);
  });

  it('cancels a training: no version comes of it', async () => {
    expect((await admin('POST', 'run', {})).status).toBe(202);
    expect(await admin('POST', 'run', {})).toMatchObject({ status: 409, body: { code: 'training-runs' } });
    expect((await admin('DELETE', 'run')).body).toEqual({ state: 'cancelled' });
    expect((await admin('GET', 'versions')).body.versions).toEqual([]);
  });

  it('trains a version, shows its gain, publishes it to every node, and rolls it back', async () => {
    const text = 'абракадабра сезам';
    const before = await admin('POST', 'trial', { text });
    expect(before.body).toMatchObject({ intent: 'none', model: shipped.id });
    for (const phrase of [text, 'сезам абракадабра', 'абракадабра', 'скажи сезам'])
      await admin('PUT', 'phrases', { text: phrase, intent: 'find_branch' });
    await admin('POST', 'run', {});
    const version = await trained();

    const listed = (await admin('GET', 'versions')).body;
    expect(listed).toMatchObject({
      published: { version: null },
      model: shipped.id,
      versions: [{ version }],
    });
    expect((await admin('POST', 'trial', { text })).body, 'nothing is used before it is published').toEqual(
      before.body,
    );
    const compared = (await admin('GET', `versions/${version}/comparison`)).body;
    expect(compared).toMatchObject({ with: null, gain: { p: expect.any(Number) } });

    // Another node on the same database.
    const elsewhere = createLiveModel(shipped);
    const follow = createFollow({ db: hub.db, model: elsewhere, shipped, log: silent });
    await follow.catchUp();
    expect(elsewhere.current()).toBe(shipped.id);

    expect((await admin('POST', 'publication', { version })).status).toBe(200);
    expect((await admin('POST', 'trial', { text })).body).toMatchObject({ intent: 'find_branch' });
    await follow.catchUp();
    expect(elsewhere.understand(text).intent).toBe('find_branch');

    expect((await admin('POST', 'rollback', {})).body).toEqual({ version: null });
    expect((await admin('POST', 'trial', { text })).body).toEqual(before.body);
    await follow.catchUp();
    expect(elsewhere.current()).toBe(shipped.id);

    const { rows } = await hub.db.query(
      "select subject from audit where act = 'model.published' order by at",
    );
    expect(rows).toEqual([{ subject: String(version) }, { subject: 'shipped' }]);
  });

  it('refuses to publish a damaged model, and goes on with the old one', async () => {
    const { rows } = await hub.db.query<{ version: number }>(
      `insert into model_version (model, checksum, file, answers, figures, trained_by, trained_at)
       select model, checksum, substr(file, 1, length(file) - 1), answers, figures, trained_by, trained_at
       from model_version limit 1 returning version`,
    );
    const version = rows[0]?.version;
    expect(await admin('POST', 'publication', { version })).toMatchObject({
      status: 409,
      body: { code: 'unusable-model', detail: expect.stringContaining('damaged') },
    });
    expect((await admin('GET', 'versions')).body).toMatchObject({
      published: { version: null },
      model: shipped.id,
    });
  });

  it('goes on with the model in use where the published one cannot be read, says so, and rolls back', async () => {
    const { rows } = await hub.db.query<{ version: number }>(
      'select max(version)::integer as version from model_version',
    );
    const version = rows[0]?.version;
    const publish = (what: unknown) =>
      hub.db.query(
        `insert into model_publication (version, published_by, published_at) values ($1, 'test', now())`,
        [what],
      );
    const said: unknown[] = [];
    const log = { ...silent, warn: (_fields: unknown, text?: string) => said.push(text) };
    const elsewhere = createLiveModel(shipped);
    const follow = createFollow({ db: hub.db, model: elsewhere, shipped, log, everyMs: 20 });
    await publish(version);
    await follow.start();
    for (let tries = 0; tries < 3; tries++) await expect(follow.catchUp()).rejects.toThrow('damaged');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(said, 'said once, however often it is tried').toHaveLength(1);
    expect(follow.trouble()).toEqual({ version, reason: expect.stringContaining('publish it') });
    expect(elsewhere.current()).toBe(shipped.id);
    expect(elsewhere.understand('переведи маме 500 рублей').intent).toBe('transfer_money');

    for (;;) {
      const { body } = await admin('GET', 'versions');
      expect(body).toMatchObject({ published: { version }, model: shipped.id });
      if (body.trouble) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect((await admin('POST', 'rollback', {})).body).toEqual({ version: null });
    expect((await admin('GET', 'versions')).body.trouble).toBeUndefined();
    await follow.catchUp();
    expect(follow.trouble()).toBeUndefined();
    await follow.stop();
  });
});

it('tells whoever waits for a measurement to come again when the hub stops', async () => {
  const training = createTrainer({
    db: hub.db,
    shipped: shippedPhrases(),
    now: () => new Date(),
    log: silent,
  });
  const waiting = expect(training.measureShipped()).rejects.toMatchObject({ kind: { code: 'stopping' } });
  await training.stop();
  await waiting;
});

/** Waits for the training's end; resolves to the version that it made. */
async function trained(): Promise<number> {
  for (;;) {
    const { body } = await admin('GET', 'run');
    if (body.state === 'done') return Number(body.version);
    if (body.state !== 'running') throw new Error(`the training is ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

type Person = (
  method: string,
  path: string,
  body?: object,
) => Promise<{ status: number; body: Record<string, unknown> }>;

async function signIn(email: string): Promise<Person> {
  const headers: Record<string, string> = { 'x-okno': '1' };
  const ask = (method: string, path: string, body?: object) =>
    fetch(`${hub.url}/api/v1/${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const answer = await ask('POST', 'session', { email, password: DEMO_LOGINS.password });
  headers.cookie = answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
  return async (method, path, body) => {
    const found = await ask(method, `training/${path}`, body);
    const text = await found.text();
    return { status: found.status, body: text ? JSON.parse(text) : {} };
  };
}
