import { z } from 'zod';
import type { ConnectorDefinition } from '../../gateway/connectors/connector.ts';
import { max } from '../../gateway/connectors/max/index.ts';
import type { OutgoingPart, SendOutcome } from '../../gateway/connectors/outgoing.ts';
import { slack } from '../../gateway/connectors/slack/index.ts';
import { telegram } from '../../gateway/connectors/telegram/index.ts';
import { vk } from '../../gateway/connectors/vk/index.ts';
import { webhook } from '../../gateway/connectors/webhook/index.ts';
import { whatsapp } from '../../gateway/connectors/whatsapp/index.ts';
import type { ButtonKind } from '../../gateway/model/content.ts';
import { startFakeMax } from '../fakes/max.ts';
import { SECRET as MAX_SECRET } from '../fakes/max-updates.ts';
import { BOT_TOKEN, SIGNING_SECRET, startFakeSlack } from '../fakes/slack.ts';
import { startFakeTelegram } from '../fakes/telegram.ts';
import { startFakeVk } from '../fakes/vk.ts';
import { GROUP, SECRET as VK_SECRET } from '../fakes/vk-events.ts';
import { startFakeWebhookReceiver, WEBHOOK_SECRET } from '../fakes/webhook-receiver.ts';
import { startFakeWhatsApp } from '../fakes/whatsapp.ts';
import { APP_SECRET, PHONE_ID, VERIFY_TOKEN } from '../fakes/whatsapp-notifications.ts';
import { memoryHost } from '../gateway/connectors/host.ts';

/** A button as a network got it. */
export interface ShownButton {
  readonly kind: ButtonKind | 'answer';
  /** Undefined where the network writes on it itself. */
  readonly text?: string | undefined;
  readonly url?: string | undefined;
}

/** A network whose fake takes buttons only in the form that its documentation gives them. */
export interface ButtonNetwork {
  /** Where the person is who hears. */
  readonly thread: string;
  send(part: OutgoingPart): Promise<SendOutcome>;
  /** What stands under the last message. */
  shown(): readonly ShownButton[];
  text(): string;
  stop(): Promise<void>;
}

const slackBlock = z.looseObject({
  elements: z
    .array(z.object({ text: z.object({ text: z.string() }), url: z.string().optional() }))
    .optional(),
});

function buttonsIn(blocks: readonly unknown[]): readonly ShownButton[] {
  return z
    .array(slackBlock)
    .parse(blocks)
    .flatMap(({ elements = [] }) =>
      elements.map(({ text: { text }, url }) => ({ kind: url === undefined ? 'answer' : 'link', text, url })),
    );
}

function connected<Settings>(definition: ConnectorDefinition<Settings>, given: object) {
  const connector = definition.connect(definition.settings.parse(given), memoryHost(definition.name));
  return (part: OutgoingPart) => connector.send(part, AbortSignal.timeout(5_000));
}

export const BUTTON_NETWORKS: Readonly<Record<string, () => Promise<ButtonNetwork>>> = {
  telegram: async () => {
    const fake = await startFakeTelegram();
    fake.say(7, 'привет');
    const last = () => fake.chats.find(7)?.messages.at(-1);
    return {
      thread: '7',
      send: connected(telegram, { token: fake.token, apiRoot: fake.url }),
      shown: () =>
        (last()?.buttons ?? []).map(({ text, url, asks }) => ({
          kind: asks ?? (url === undefined ? 'answer' : 'link'),
          text,
          url,
        })),
      text: () => last()?.text ?? '',
      stop: () => fake.stop(),
    };
  },
  max: async () => {
    const fake = await startFakeMax();
    const kinds = {
      callback: 'answer',
      link: 'link',
      request_contact: 'contact',
      request_geo_location: 'location',
    } as const;
    const last = () => [...fake.messages.values()].at(-1);
    return {
      thread: '7',
      send: connected(max, { token: fake.token, apiRoot: fake.url, webhookSecret: MAX_SECRET }),
      shown: () =>
        (last()?.attachments ?? []).flatMap((one) =>
          one.type === 'inline_keyboard'
            ? one.payload.buttons.flat().map((button) => ({
                kind: kinds[button.type],
                text: button.text,
                url: button.type === 'link' ? button.url : undefined,
              }))
            : [],
        ),
      text: () => last()?.text ?? '',
      stop: () => fake.stop(),
    };
  },
  vk: async () => {
    const fake = await startFakeVk();
    const last = () => [...fake.messages.values()].at(-1);
    const given = { token: fake.token, apiRoot: fake.url, groupId: String(GROUP), secret: VK_SECRET };
    const kinds = { callback: 'answer', open_link: 'link', location: 'location' } as const;
    return {
      thread: '7',
      send: connected(vk, { ...given, confirmation: 'c0nf1rm' }),
      shown: () =>
        (last()?.keyboard?.buttons.flat() ?? []).map(({ action }) => ({
          kind: kinds[action.type],
          text: action.type === 'location' ? undefined : action.label,
          url: action.type === 'open_link' ? action.link : undefined,
        })),
      text: () => last()?.text ?? '',
      stop: () => fake.stop(),
    };
  },
  whatsapp: async () => {
    const fake = await startFakeWhatsApp();
    const last = () => fake.taken.at(-1);
    const given = { token: fake.token, phoneId: PHONE_ID, appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN };
    return {
      thread: '79160000001',
      send: connected(whatsapp, { ...given, apiRoot: fake.apiRoot }),
      shown() {
        const interactive = last()?.interactive;
        switch (interactive?.type) {
          case 'cta_url': {
            const { display_text: text, url } = interactive.action.parameters;
            return [{ kind: 'link', text, url }];
          }
          case 'location_request_message':
            return [{ kind: 'location' }];
          case 'button':
            return interactive.action.buttons.map(({ reply }) => ({ kind: 'answer', text: reply.title }));
          default:
            return [];
        }
      },
      text: () => last()?.interactive?.body.text ?? last()?.text?.body ?? '',
      stop: () => fake.stop(),
    };
  },
  slack: async () => {
    const fake = await startFakeSlack();
    const last = () => fake.posts.at(-1);
    return {
      thread: 'D7',
      send: connected(slack, { token: BOT_TOKEN, signingSecret: SIGNING_SECRET, apiUrl: fake.apiUrl }),
      shown: () => buttonsIn(last()?.blocks ?? []),
      text: () => last()?.text ?? '',
      stop: () => fake.stop(),
    };
  },
  webhook: async () => {
    const fake = await startFakeWebhookReceiver();
    const content = () => fake.posted.at(-1)?.event.data?.content ?? [];
    return {
      thread: 'u1',
      send: connected(webhook, { url: fake.url, secrets: WEBHOOK_SECRET }),
      shown: (): readonly ShownButton[] =>
        content()
          .flatMap(({ choices }) => choices ?? [])
          .map(({ kind, text, url }) => ({ kind: kind ?? 'answer', text, url })),
      text: () => content().find(({ kind }) => kind === 'text')?.text ?? '',
      stop: () => fake.stop(),
    };
  },
};
