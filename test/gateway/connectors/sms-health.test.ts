import { describe, expect, it } from 'vitest';
import type { Connector } from '../../../gateway/connectors/connector.ts';
import { kannel } from '../../../gateway/connectors/kannel/index.ts';
import { twilio } from '../../../gateway/connectors/twilio/index.ts';
import { startFakeKannel } from '../../fakes/kannel.ts';
import { startFakeTwilio } from '../../fakes/twilio.ts';
import { memoryHost } from './host.ts';

const SENDER = '+15005550006';

async function findingsOf(connector: Connector) {
  return (await connector.health?.(AbortSignal.timeout(10_000)))?.findings;
}

describe('a channel of Twilio', () => {
  const connected = (apiRoot: string, accountSid: string, authToken: string) =>
    twilio.connect(
      twilio.settings.parse({ accountSid, authToken, apiRoot, sender: SENDER }),
      memoryHost('twilio'),
    );

  it('is well with its token, and tells a dead token, a suspended account and a network that is away apart', async () => {
    const fake = await startFakeTwilio();
    const ours = connected(fake.url, fake.accountSid, fake.authToken);
    expect(await findingsOf(ours)).toEqual([]);
    expect(await findingsOf(connected(fake.url, fake.accountSid, 'revoked'))).toEqual([
      { problem: 'unauthorized' },
    ]);
    fake.setStatus('suspended');
    expect(await findingsOf(ours)).toEqual([{ problem: 'forbidden', detail: 'suspended' }]);
    await fake.stop();
    expect(await findingsOf(ours)).toMatchObject([{ problem: 'unreachable' }]);
  });
});

describe('a channel of Kannel', () => {
  const connected = (sendUrl: string) =>
    kannel.connect(
      kannel.settings.parse({ sendUrl, token: 'a-token-of-16-letters', sender: SENDER }),
      memoryHost('kannel'),
    );

  it('is well with its user, sends nothing for that, and tells a wrong password and a smsbox that is away apart', async () => {
    const fake = await startFakeKannel();
    const ours = connected(fake.sendUrl);
    expect(await findingsOf(ours)).toEqual([]);
    expect(fake.sent).toEqual([]);
    expect(await findingsOf(connected(fake.sendUrl.replace(':secret@', ':wrong@')))).toEqual([
      { problem: 'unauthorized' },
    ]);
    await fake.stop();
    expect(await findingsOf(ours)).toMatchObject([{ problem: 'unreachable' }]);
  });
});
