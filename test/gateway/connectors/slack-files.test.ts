import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Connector } from '../../../gateway/connectors/connector.ts';
import type { OutgoingPart } from '../../../gateway/connectors/outgoing.ts';
import { slack } from '../../../gateway/connectors/slack/index.ts';
import type { DeliveryId, MediaId } from '../../../gateway/model/ids.ts';
import { BOT_TOKEN, type FakeSlack, SIGNING_SECRET, startFakeSlack } from '../../fakes/slack.ts';
import { memoryHost } from './host.ts';

const signal = () => AbortSignal.timeout(10_000);
let fake: FakeSlack;
let connector: Connector;

beforeEach(async () => {
  fake = await startFakeSlack();
  const host = memoryHost('slack');
  for (const id of ['a', 'b'] as MediaId[]) host.media.set(id, Buffer.from('a picture'));
  const given = { token: BOT_TOKEN, signingSecret: SIGNING_SECRET, apiUrl: fake.apiUrl };
  connector = slack.connect(slack.settings.parse(given), host);
});
afterEach(() => fake.stop());

const album: OutgoingPart = {
  kind: 'media',
  media: (['a', 'b'] as MediaId[]).map((id) => ({
    kind: 'image',
    media: { id, type: 'image/png', size: 9 },
  })),
  key: `${'0190b5a0-0000-7000-8000-000000000001' as DeliveryId}:0`,
  externalThread: 'D1',
};

it('knows the message in which Slack has shown the files, so that it can be taken back', async () => {
  const sent = await connector.send(album, signal());
  const [post] = fake.posts;
  expect(sent).toEqual({ outcome: 'accepted', externalId: `D1:${post?.ts}` });
  expect(post?.files).toHaveLength(2);
  const target = { externalThread: 'D1', externalId: `D1:${post?.ts}` };
  expect(await connector.remove?.(target, signal(), album.key)).toMatchObject({ outcome: 'accepted' });
  expect(post?.deleted).toBe(true);
});

it('has sent them all the same where Slack does not say in which', async () => {
  for (let looks = 0; looks < 3; looks++)
    fake.fault({ method: 'files.info', fault: { kind: 'proxy-error', status: 502 } });
  expect(await connector.send(album, signal())).toEqual({ outcome: 'accepted' });
  expect(fake.posts).toHaveLength(1);
});
