import type { Connector, Received } from '../../../gateway/connectors/connector.ts';
import { vk } from '../../../gateway/connectors/vk/index.ts';
import { type FakeVk, startFakeVk } from '../../fakes/vk.ts';
import { eventOf, GROUP, type Json, messageOf, newMessage, SECRET } from '../../fakes/vk-events.ts';
import { type MemoryHost, memoryHost } from './host.ts';

export const ANN = 7;

export const signal = () => AbortSignal.timeout(5_000);

/** The channel of a community, and a VK beside it. */
export class VkStage {
  readonly host: MemoryHost = memoryHost('vk');
  readonly fake: FakeVk;
  connector: Connector;

  constructor(fake: FakeVk) {
    this.fake = fake;
    this.connector = this.connect();
  }

  connect(more: { token?: string; apiRoot?: string; confirmation?: string } = {}): Connector {
    const { token, url: apiRoot } = this.fake;
    const given = { token, apiRoot, groupId: String(GROUP), secret: SECRET, confirmation: 'c0nf1rm' };
    return vk.connect(vk.settings.parse({ ...given, ...more }), this.host);
  }

  hand(event: unknown): Received {
    const body = Buffer.from(JSON.stringify(event));
    return this.connector.receive({ method: 'POST', url: '/', headers: {}, body });
  }

  receive(event: Json): Extract<Received, { authentic: true }> {
    const received = this.hand(event);
    if (!received.authentic) throw new Error(received.reason);
    return received;
  }

  said(text: string, more: Json = {}) {
    return this.receive(newMessage(messageOf(ANN, text, more)));
  }

  press(more: Json) {
    return this.receive(eventOf('message_event', { user_id: ANN, peer_id: ANN, event_id: 'e1', ...more }));
  }

  parametersOf(method: string) {
    return this.fake.requests.findLast((one) => one.method === method)?.parameters;
  }
}

export async function openVkStage(): Promise<VkStage> {
  return new VkStage(await startFakeVk());
}
