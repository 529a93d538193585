import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { webchat } from '../../../../gateway/connectors/webchat/index.ts';
import { clients, connector, host, IDENTITY, key, open, pass, reopen, startStage, time } from './stage.ts';

startStage();

describe('origins', () => {
  const isLetIn = async (origin?: string): Promise<boolean> => {
    const client = await open(origin);
    client.send({ type: 'hello' });
    await client.until(() => client.frames.length > 0, 'an answer');
    if (client.frames[0]?.type === 'error')
      expect(client.frames).toEqual([{ type: 'error', code: 'origin' }]);
    return client.frames[0]?.type === 'welcome';
  };

  it('lets in the pages that the channel names, and who is no page', async () => {
    await reopen({ origins: ['https://bank.example', 'https://shop.example:8443/'] });
    expect(await isLetIn('https://bank.example')).toBe(true);
    expect(await isLetIn('https://shop.example:8443')).toBe(true);
    expect(await isLetIn()).toBe(true);
  });

  it.each([
    'https://bank.example.evil.com',
    'http://bank.example',
    'https://evil.com',
    'null',
    'https://localhost.evil.com',
  ])('refuses %s', async (origin) => {
    await reopen({ origins: ['https://bank.example'] });
    expect(await isLetIn(origin)).toBe(false);
  });

  it('lets in a page of this machine while the hub itself is reached there, and only then', async () => {
    expect(await isLetIn('http://localhost:3000')).toBe(true);
    expect(await isLetIn('http://127.0.0.1:8080')).toBe(true);
    Object.assign(host, { webhookUrl: 'https://chat.bank.example/channels/webchat/webhook' });
    await reopen({});
    expect(await isLetIn('http://localhost:3000')).toBe(false);
    expect(await isLetIn('https://chat.bank.example')).toBe(true);
  });

  it('refuses settings that are no origins', () => {
    for (const origin of ['*', 'bank.example', 'https://bank.example/chat', 'ftp://bank.example'])
      expect(webchat.settings.safeParse({ origins: [origin] }).success).toBe(false);
  });

  it('has no webhook', () => {
    const request = { method: 'POST', url: '/', headers: {}, body: Buffer.from('{}') };
    expect(connector.receive(request)).toMatchObject({ authentic: false });
  });
});

describe('a signed identity', () => {
  const sign = (claims: { sub?: string; aud?: string; life?: number } = {}, by: Uint8Array = key) => {
    const { sub = 'c-1', aud = 'webchat', life = 300 } = claims;
    const seconds = Math.floor(time.getTime() / 1000);
    return new SignJWT({ name: 'Анна' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(sub)
      .setAudience(aud)
      .setExpirationTime(seconds + life)
      .sign(by);
  };
  const senderAfter = async (identity: unknown, token?: string) => {
    const client = await open();
    const welcome = await client.hello({ identity, ...(token && { token }) });
    client.send({ type: 'message', id: `m${clients.length}`, text: 'привет' });
    await client.nth('stored', 1);
    const last = host.inbound.at(-1);
    const refused = client.frames.some(
      (frame) => frame.type === 'error' && frame.code === 'identity-refused',
    );
    return { sender: last?.type === 'message' ? last.sender : undefined, refused, token: welcome.token };
  };
  const proof = { evidence: 'bank-authenticated', customer: 'c-1', how: 'signed-identity' };

  it('proves the customer', async () => {
    await reopen(IDENTITY);
    expect(await senderAfter(await sign())).toMatchObject({
      sender: { name: 'Анна', proof },
      refused: false,
    });
  });

  it('proves nothing any more once it is over, though the socket is still open', async () => {
    await reopen(IDENTITY);
    const client = await open();
    await client.hello({ identity: await sign({ life: 300 }) });
    const proofs: unknown[] = [];
    for (const [index, minutes] of [0, 4, 2].entries()) {
      pass(minutes * 60_000);
      client.send({ type: 'message', id: `m${index}`, text: 'привет' });
      await client.nth('stored', index + 1);
      const last = host.inbound.at(-1);
      proofs.push(last?.type === 'message' ? last.sender.proof : 'none came');
    }
    expect(proofs).toEqual([proof, proof, undefined]);
  });

  it('is taken from an ES256 key too, and the algorithm is the key’s to choose', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const pem = await exportSPKI(publicKey);
    await reopen({ identityKey: pem });
    const seconds = Math.floor(time.getTime() / 1000);
    const signed = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256' })
      .setSubject('c-1')
      .setAudience('webchat')
      .setExpirationTime(seconds + 60)
      .sign(privateKey);
    expect(await senderAfter(signed)).toMatchObject({ sender: { proof }, refused: false });
    // A public key is no secret: nobody may sign with it.
    expect(await senderAfter(await sign({}, Buffer.from(pem)))).toMatchObject({ refused: true });
  });

  it.each([
    ['signed by another', () => sign({}, Buffer.alloc(32, 8))],
    ['for another channel', () => sign({ aud: 'telegram' })],
    ['over', () => sign({ life: -60 })],
    ['good for longer than ten minutes', () => sign({ life: 700 })],
    ['of nobody', () => sign({ sub: '' })],
    ['unsigned', async () => `${(await sign()).split('.').slice(0, 2).join('.')}.`],
    [
      'without an algorithm',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign()).split('.')[1]}.`,
    ],
    ['no JWT', async () => 'abc'],
  ])('is refused when it is %s, and the visitor goes on unproved', async (_what, make) => {
    await reopen(IDENTITY);
    const after = await senderAfter(await make());
    expect(after.refused).toBe(true);
    expect(after.sender?.proof).toBeUndefined();
  });

  it('is refused where the channel has no key', async () => {
    expect(await senderAfter(await sign())).toMatchObject({ refused: true });
  });

  it('of another customer than the visitor’s begins another visitor, who sees nothing of the first', async () => {
    await reopen(IDENTITY);
    const first = await senderAfter(await sign());
    host.customers.set(first.sender?.externalUser ?? '', 'c-1');
    expect((await senderAfter(await sign(), first.token)).token).toBe(first.token);
    const other = await open();
    const welcome = await other.hello({ token: first.token, identity: await sign({ sub: 'c-2' }) });
    expect(welcome.token).not.toBe(first.token);
    expect(welcome.seq).toBe(0);
  });

  it('needs a key that is long enough', () => {
    expect(webchat.settings.safeParse({ identityKey: 'short' }).success).toBe(false);
    expect(webchat.settings.safeParse({ identityKey: '' }).success).toBe(true);
  });
});
