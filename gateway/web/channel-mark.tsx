import {
  IconBrandSlack,
  IconBrandTelegram,
  IconBrandVk,
  IconBrandWhatsapp,
  IconBuildingBank,
  IconMail,
  IconMessage,
  IconMessageCircle,
  IconMessages,
  IconPhone,
} from '@tabler/icons-react';
import { channelName } from './channel-name.ts';
import styles from './marks.module.css';
import { kitTexts } from './texts/kit.ts';
import { useTexts } from './use-texts.tsx';

const ICONS = {
  telegram: IconBrandTelegram,
  slack: IconBrandSlack,
  vk: IconBrandVk,
  whatsapp: IconBrandWhatsapp,
  voice: IconPhone,
  webchat: IconMessageCircle,
  sms: IconMessage,
  smpp: IconMessage,
  twilio: IconMessage,
  kannel: IconMessage,
  email: IconMail,
  webhook: IconBuildingBank,
} as const;

/** The icon of a channel, and its name: in words where `named`, else for screen readers and as a title. */
export function ChannelMark({
  channel,
  named = false,
}: {
  readonly channel: string;
  readonly named?: boolean;
}) {
  const name = useChannelName()(channel);
  const Icon = iconOf(channel);
  return (
    <span className={styles.mark} title={named ? undefined : name}>
      <Icon size={16} stroke={1.6} aria-hidden />
      <span className={named ? undefined : 'unseen'}>{name}</span>
    </span>
  );
}

/** Turns a channel's id into its name. */
export function useChannelName(): (channel: string) => string {
  const texts = useTexts(kitTexts);
  return (channel) => channelName(texts, channel);
}

/** Channels of one network begin with its name: `telegram`, `telegram-vip`. */
function iconOf(channel: string) {
  for (const [network, Icon] of Object.entries(ICONS)) {
    if (channel === network || channel.startsWith(`${network}-`)) return Icon;
  }
  return IconMessages;
}
