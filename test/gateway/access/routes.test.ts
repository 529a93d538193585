import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demoLogins, session } from '../../../gateway/access/api.ts';
import { seedDemoUsers } from '../../../gateway/access/first-users.ts';
import { createUser, disableUser } from '../../../gateway/access/users.ts';
import { type AccessHub, OWN, PASSWORD, signingIn, startAccessHub } from './access-hub.ts';

const HOUR = 3_600_000;

let hub: AccessHub;

beforeAll(async () => {
  hub = await startAccessHub();
  await hub.addUser('ann', 'operator');
});

// Each test begins with all its attempts.
beforeEach(() => hub.clock.advance(HOUR));

afterAll(() => hub.close());

const whoAmI = (headers: Record<string, string>) => hub.app.inject({ url: '/api/v1/session', headers });
const codeOf = (answer: LightMyRequestResponse) => [answer.statusCode, answer.json().code];

/** What the audit trail says since this test began. */
async function trail(): Promise<
  { act: string; who: string; subject: string | null; address: string | null }[]
> {
  const { rows } = await hub.db.query('select * from audit where at >= $1 order by id', [hub.clock.now()]);
  return rows;
}

describe('signing in', () => {
  test('opens a session whose cookie no script and no other site can use', async () => {
    const answer = await hub.app.inject(signingIn(' ANN@Bank.Test '));
    expect(answer.statusCode).toBe(200);
    expect(session.parse(answer.json())).toMatchObject({
      user: { email: 'ann@bank.test', name: 'ann', roles: ['operator'] },
      permissions: ['desk.read', 'desk.answer'],
      demo: false,
    });
    expect(answer.cookies).toHaveLength(1);
    expect(answer.cookies[0]).toMatchObject({
      name: 'okno_session',
      path: '/',
      httpOnly: true,
      sameSite: 'Strict',
    });
    expect(answer.cookies[0]).not.toHaveProperty('secure');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('marks the cookie Secure where the hub is reached by https', async () => {
    const secure = await startAccessHub({ publicUrl: 'https://okno.bank.test' });
    await secure.addUser('ann', 'operator');
    const answer = await secure.app.inject(signingIn('ann@bank.test'));
    expect(answer.cookies[0]).toMatchObject({ secure: true });
    await secure.close();
  });

  test.each([
    ['a proxy that is trusted', '10.0.0.5', '203.0.113.9'],
    ['anybody else, who could say anything', '203.0.113.50', '203.0.113.50'],
  ])('believes from where a request comes of %s', async (_who, remoteAddress, address) => {
    const proxied = await startAccessHub({ trustedProxies: ['10.0.0.0/8'] });
    const headers = { ...signingIn('').headers, 'x-forwarded-for': '198.51.100.1, 203.0.113.9' };
    await proxied.app.inject({ ...signingIn('nobody@bank.test', 'wrong'), headers, remoteAddress });
    const { rows } = await proxied.db.query(`select address from audit where act = 'session.refused'`);
    expect(rows).toEqual([{ address }]);
    await proxied.close();
  });

  test('keeps only hashes of password and token', async () => {
    const { cookie = '' } = await hub.browser('ann');
    const token = cookie.split('=')[1] ?? '';
    const { rows } = await hub.db.query(
      'select u.password, s.* from users u join session s on s.holder = u.id where s.created_at = $1',
      [hub.clock.now()],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows[0].id.toString('base64url')).not.toBe(token);
  });

  test('answers an unknown e-mail, a wrong password and a disabled user alike', async () => {
    await hub.addUser('old', 'operator');
    await disableUser(hub.db, 'old@bank.test', hub.clock.now(), 'cli');
    const answers = await Promise.all([
      hub.app.inject(signingIn('nobody@bank.test')),
      hub.app.inject(signingIn('ann@bank.test', 'wrong')),
      hub.app.inject(signingIn('old@bank.test')),
    ]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    for (const answer of answers) {
      expect(codeOf(answer)).toEqual([401, 'wrong-password']);
      expect(answer.cookies).toEqual([]);
    }
  });

  test('takes a password with composed and decomposed letters as one', async () => {
    const password = 'пароль мой любимый';
    const wish = { email: 'yo@bank.test', name: 'Ё', roles: ['operator' as const], password };
    await createUser(hub.db, wish, hub.clock.now(), 'cli');
    const answer = await hub.app.inject(signingIn('yo@bank.test', password.normalize('NFD')));
    expect(answer.statusCode).toBe(200);
  });

  test('gives a new session every time and ends the one that the browser brought', async () => {
    const first = await hub.browser('ann');
    const again = { ...signingIn('ann@bank.test'), headers: first };
    const answer = await hub.app.inject(again);
    const token = answer.cookies[0]?.value;
    expect(first.cookie).not.toContain(token);
    expect(codeOf(await whoAmI(first))).toEqual([401, 'signed-out']);
    expect((await whoAmI({ cookie: `okno_session=${token}` })).statusCode).toBe(200);
  });

  test('never makes a session of a token that the browser was given by somebody else', async () => {
    const planted = 'A'.repeat(43);
    const headers = { ...OWN, cookie: `okno_session=${planted}` };
    const answer = await hub.app.inject({ ...signingIn('ann@bank.test'), headers });
    expect(answer.cookies[0]?.value).not.toBe(planted);
    expect(codeOf(await whoAmI(headers))).toEqual([401, 'signed-out']);
  });

  test.each([
    ['no password', { email: 'ann@bank.test' }],
    ['a null character', { email: 'ann@bank.test\u0000', password: PASSWORD }],
    ['half a surrogate pair', { email: 'ann@bank.test', password: '\ud83c' }],
    ['something else', [1, 2]],
  ])('refuses %s as malformed', async (_what, payload) => {
    const answer = await hub.app.inject({ ...signingIn(''), payload });
    expect(codeOf(answer)).toEqual([400, 'bad-request']);
  });

  test('refuses a huge body', async () => {
    const answer = await hub.app.inject(signingIn('ann@bank.test', 'x'.repeat(20_000)));
    expect(codeOf(answer)).toEqual([413, 'too-large']);
  });

  test('leaves a trail of who signed in and who was refused, without what was typed', async () => {
    await hub.app.inject(signingIn('nobody@bank.test', 'hunter2hunter2'));
    await hub.browser('ann');
    const lines = await trail();
    expect(lines).toMatchObject([
      { act: 'session.refused', who: 'unknown', address: '127.0.0.1', subject: null },
      { act: 'session.opened', address: '127.0.0.1' },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/nobody@|hunter2/);
  });
});

describe('guessing', () => {
  test('is stopped by e-mail, for known and unknown ones alike, and opens again with time', async () => {
    for (const email of ['ann@bank.test', 'nobody@bank.test']) {
      for (let guess = 0; guess < 10; guess++) {
        expect((await hub.app.inject(signingIn(email, 'wrong'))).statusCode).toBe(401);
      }
      const answer = await hub.app.inject(signingIn(email.toUpperCase()));
      expect(codeOf(answer)).toEqual([429, 'too-many-attempts']);
      expect(answer.headers['retry-after']).toBe('90');
    }
    hub.clock.advance(90_000);
    expect((await hub.app.inject(signingIn('ann@bank.test'))).statusCode).toBe(200);
  });

  test('by a stranger does not lock out who knows the password', async () => {
    for (let guess = 0; guess < 11; guess++) await hub.app.inject(signingIn('ann@bank.test', 'wrong'));
    const ann = await hub.app.inject({ ...signingIn('ann@bank.test'), remoteAddress: '192.0.2.7' });
    expect(ann.statusCode).toBe(200);
  });

  test('is stopped by e-mail from many addresses too', async () => {
    const guess = (index: number) =>
      hub.app.inject({ ...signingIn('ann@bank.test', 'wrong'), remoteAddress: `198.51.100.${index}` });
    const answers = await Promise.all(Array.from({ length: 205 }, (_, index) => guess(index)));
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(5);
  });

  test('is stopped by address, whatever e-mails it tries', async () => {
    const guesses = Array.from({ length: 51 }, (_, index) =>
      hub.app.inject(signingIn(`u${index}@bank.test`)),
    );
    const statuses = (await Promise.all(guesses)).map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    const elsewhere = await hub.app.inject({ ...signingIn('ann@bank.test'), remoteAddress: '192.0.2.7' });
    expect(elsewhere.statusCode).toBe(200);
  });

  test('does not count those who know their password', async () => {
    for (let time = 0; time < 15; time++) await hub.browser('ann');
  });
});

describe('a session', () => {
  test('ends after 12 hours without activity', async () => {
    const browser = await hub.browser('ann');
    hub.clock.advance(11 * HOUR);
    expect((await whoAmI(browser)).statusCode).toBe(200);
    hub.clock.advance(11 * HOUR);
    expect((await whoAmI(browser)).statusCode).toBe(200);
    hub.clock.advance(12 * HOUR);
    expect(codeOf(await whoAmI(browser))).toEqual([401, 'signed-out']);
  });

  test('ends after 7 days in any case', async () => {
    const browser = await hub.browser('ann');
    for (let hours = 10; hours < 7 * 24; hours += 10) {
      hub.clock.advance(10 * HOUR);
      expect((await whoAmI(browser)).statusCode).toBe(200);
    }
    hub.clock.advance(10 * HOUR);
    expect(codeOf(await whoAmI(browser))).toEqual([401, 'signed-out']);
  });

  test('ends at once when its user is disabled', async () => {
    await hub.addUser('eve', 'operator');
    const browser = await hub.browser('eve');
    await disableUser(hub.db, 'EVE@bank.test', hub.clock.now(), 'cli');
    expect(codeOf(await whoAmI(browser))).toEqual([401, 'signed-out']);
    expect(codeOf(await hub.app.inject(signingIn('eve@bank.test')))).toEqual([401, 'wrong-password']);
  });

  test('ends by signing out, which can be done twice', async () => {
    const browser = await hub.browser('ann');
    const ended: string[] = [];
    hub.sessions.onEnded((id) => ended.push(id));
    for (let time = 0; time < 2; time++) {
      const answer = await hub.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: browser });
      expect(answer.statusCode).toBe(204);
      expect(answer.cookies[0]).toMatchObject({ name: 'okno_session', value: '' });
    }
    expect(codeOf(await whoAmI(browser))).toEqual([401, 'signed-out']);
    expect(ended).toHaveLength(1);
    expect((await trail()).map(({ act }) => act)).toEqual(['session.opened', 'session.ended']);
  });

  test('is not found for a token that nobody was given', async () => {
    for (const token of ['', 'x', 'A'.repeat(43), '%00', '"', 'A'.repeat(7000)]) {
      expect(codeOf(await whoAmI({ cookie: `okno_session=${token}` }))).toEqual([401, 'signed-out']);
    }
  });
});

describe('a change made by another site', () => {
  const post = (headers: Record<string, string>) =>
    hub.app.inject({ ...signingIn('ann@bank.test'), headers: { host: 'localhost:3000', ...headers } });

  test('is refused without our header', async () => {
    expect(codeOf(await post({}))).toEqual([403, 'missing-header']);
  });

  test.each([
    'https://evil.test',
    'null',
    'http://localhost:3001',
    'http://localhost:3000.evil.test',
    'nonsense',
  ])('is refused from the origin %s', async (origin) => {
    expect(codeOf(await post({ ...OWN, origin }))).toEqual([403, 'foreign-origin']);
  });

  test.each(['http://localhost:3000', 'HTTP://LOCALHOST:3000'])(
    'is not what comes from %s',
    async (origin) => {
      expect((await post({ ...OWN, origin })).statusCode).toBe(200);
    },
  );

  test('is refused from a name that was pointed at this machine, and not from its own address', async () => {
    const asHost = (host: string) => post({ ...OWN, host, origin: `http://${host}` });
    expect(codeOf(await asHost('rebound.evil.test:3000'))).toEqual([403, 'foreign-origin']);
    for (const host of ['127.0.0.1:3000', '[::1]:3000']) expect((await asHost(host)).statusCode).toBe(200);
  });

  test('is not what comes from the public address through a proxy', async () => {
    expect((await post({ ...OWN, host: 'inner:8080', origin: 'http://localhost:3000' })).statusCode).toBe(
      200,
    );
  });
});

describe('the logins of the demo', () => {
  test('are shown and work while the demo is on', async () => {
    const demo = await startAccessHub({ demo: true });
    await seedDemoUsers(demo.db, demo.clock.now());
    const { password, logins } = demoLogins.parse((await demo.app.inject({ url: '/api/v1/demo' })).json());
    expect(logins.map(({ email }) => email)).toEqual([
      'operator@demo.bank',
      'operator2@demo.bank',
      'supervisor@demo.bank',
      'admin@demo.bank',
      'marketer@demo.bank',
      'compliance@demo.bank',
    ]);
    for (const { email } of logins) {
      const answer = await demo.app.inject(signingIn(email, password));
      expect(session.parse(answer.json()).demo).toBe(true);
    }
    await demo.close();
  });

  test('are not there otherwise', async () => {
    expect(codeOf(await hub.app.inject({ url: '/api/v1/demo' }))).toEqual([404, 'not-found']);
  });
});
