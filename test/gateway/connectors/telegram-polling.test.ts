import { describe, expect, it } from 'vitest';
import { telegramStage } from './telegram-stage.ts';

const stage = telegramStage();

describe('polling', () => {
  it('takes what was written, and what was written while nobody listened', async () => {
    stage.fake.say(7, 'до старта');
    stage.listen(stage.connect());
    await stage.host.until(() => stage.host.inbound.length === 1);
    stage.fake.say(7, 'после');
    await stage.host.until(() => stage.host.inbound.length === 2);
    expect(stage.host.inbound.map((one) => (one.type === 'message' ? one.content : []))).toEqual([
      [{ kind: 'text', text: 'до старта' }],
      [{ kind: 'text', text: 'после' }],
    ]);
  });

  it('removes a webhook that is still set, without dropping what waits', async () => {
    stage.fake.updates.set({ url: 'http://127.0.0.1:9/nobody', maxConnections: 40 });
    stage.fake.say(7, 'жду');
    stage.listen(stage.connect());
    await stage.host.until(() => stage.host.inbound.length === 1);
    expect(stage.fake.updates.webhook).toBeUndefined();
  });

  it('asks again for a batch that could not be stored, and confirms it only then', async () => {
    const update = stage.fake.say(7, 'привет');
    stage.host.failure = new Error('the store is away');
    stage.listen(stage.connect());
    expect(await stage.listening).toBe(stage.host.failure);
    expect(stage.fake.updates.pending).toBe(1);
    stage.host.failure = undefined;
    stage.listen(stage.connect());
    await stage.host.until(() => stage.host.inbound.length === 1);
    await stage.fake.chats.until(() => offsets().includes(update.update_id + 1), 'the batch is confirmed');
    expect(offsets().filter((offset) => offset === update.update_id + 1)).toHaveLength(1);
  });

  const offsets = () =>
    stage.fake.requests
      .filter(({ method }) => method === 'getUpdates')
      .map(({ parameters }) => parameters.offset);

  it('ends where Telegram is away or refuses, so that the hub comes back later, and says why without the token', async () => {
    stage.fake.fault({
      method: 'getUpdates',
      fault: { kind: 'refuse', status: 409, description: 'Conflict' },
    });
    stage.listen(stage.connect());
    const refused = await stage.listening;
    stage.fake.fault({ method: 'getUpdates', fault: { kind: 'cut-before' } });
    stage.listen(stage.connect());
    const cut = await stage.listening;
    stage.listen(stage.connect({ token: '999:wrong' }));
    const unauthorized = await stage.listening;
    expect(String(refused)).toBe('TelegramError: getUpdates: 409 Conflict');
    expect(String(cut)).toMatch(/^TelegramError: getUpdates: lost, /);
    expect(String(unauthorized)).toBe('TelegramError: deleteWebhook: 401 Unauthorized');
    const told = JSON.stringify(
      [refused, cut, unauthorized].map((error) => ({ ...(error as Error), text: String(error) })),
    );
    expect(told).not.toContain('999:wrong');
    expect(told).not.toContain(stage.fake.token);
  });

  it('stops at once when it is told to', async () => {
    stage.listen(stage.connect());
    await stage.fake.chats.until(
      () => stage.fake.requests.some(({ method }) => method === 'getUpdates'),
      'a poll',
    );
    stage.stop.abort();
    await expect(stage.listening).resolves.toBeUndefined();
  });

  it('gets past a batch in which an update has no known shape', async () => {
    stage.fake.updates.addUnwanted({ update_id: stage.fake.updates.nextId(), message: 'odd' });
    stage.fake.say(7, 'привет');
    stage.listen(stage.connect());
    await stage.host.until(() => stage.host.inbound.length === 1);
    expect(stage.host.quarantined.map(({ reason }) => reason)).toEqual(['not-an-update']);
  });
});
