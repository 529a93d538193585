import { useChannelName } from '../../../gateway/web/channel-mark.tsx';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationView } from '../../api.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './composer.module.css';

export interface ChannelOffProps {
  /** Where the client wrote last. */
  readonly channel: string;
  readonly off: NonNullable<ConversationView['channelOff']>;
}

/** Says before an operator writes that the client's channel carries nothing, why, and where the answer goes instead. */
export function ChannelOff({ channel, off: { why, repliesGoTo } }: ChannelOffProps) {
  const texts = useTexts(deskTexts);
  const nameOf = useChannelName();
  const reason = texts.t(why === 'policy' ? 'composer.offByPolicy' : 'composer.offNotConfigured', {
    channel: nameOf(channel),
  });
  const wayOut =
    repliesGoTo === undefined
      ? texts.t('composer.offNoWay')
      : texts.t('composer.offGoesTo', { channel: nameOf(repliesGoTo) });
  return (
    <p className={styles.channelOff} role="status">
      {`${reason} ${wayOut}`}
    </p>
  );
}
