import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ChannelMark, useChannelName } from '../../../gateway/web/channel-mark.tsx';
import { problemText } from '../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { MoveTarget } from '../../act-api.ts';
import type { ConversationView } from '../../api.ts';
import { useDesk } from '../desk-context.ts';
import { queryKeys } from '../query-keys.ts';
import { deskTexts } from '../texts/desk.ts';
import { allowedActs } from '../thread/owner-acts.ts';
import styles from './context.module.css';

/** Sends the client a link or a code with which they go on in another channel; only for who has the conversation. */
export function GoOn({ conversation }: { readonly conversation: ConversationView }) {
  const texts = useTexts(deskTexts);
  const { client } = useDesk();
  const [isOpen, setOpen] = useState(false);
  const { channelOff } = conversation;
  // The link would wait where nothing goes out.
  if (channelOff && channelOff.repliesGoTo === undefined) return null;
  if (!allowedActs(conversation, client.me.id, client.mayAnswer).own) return null;
  return (
    <div className={styles.goOn}>
      <Button size="xs" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {texts.t('goOn.open')}
      </Button>
      {isOpen && <Targets conversation={conversation} />}
    </div>
  );
}

function Targets({ conversation }: { readonly conversation: ConversationView }) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  const nameOf = useChannelName();
  const { api } = useDesk().client;
  const { id, epoch } = conversation;
  const targets = useQuery({
    queryKey: queryKeys.moveTargets(id),
    queryFn: ({ signal }) => api.moveTargets(id, signal),
  });
  const move = useMutation({ mutationFn: ({ channel }: MoveTarget) => api.move(id, epoch, channel) });
  if (targets.isError) return <p role="alert">{problemText(targets.error, kit)}</p>;
  if (targets.data?.channels.length === 0) return <p className={styles.text}>{texts.t('goOn.nowhere')}</p>;
  const sent = move.isSuccess ? move.variables : undefined;
  return (
    <>
      <ul className={styles.targets} aria-label={texts.t('goOn.channels')} aria-busy={targets.isPending}>
        {targets.data?.channels.map((target) => (
          <li key={target.channel}>
            <Button
              size="xs"
              variant="default"
              loading={move.isPending && move.variables.channel === target.channel}
              onClick={() => move.mutate(target)}
            >
              <ChannelMark channel={target.channel} named />
            </Button>
          </li>
        ))}
      </ul>
      <p className={styles.dim} role="status">
        {sent && texts.t(sent.byLink ? 'goOn.linkSent' : 'goOn.codeSent', { channel: nameOf(sent.channel) })}
      </p>
      {move.isError && (
        <p role="alert" className={styles.text}>
          {`${texts.t('goOn.failed')} ${problemText(move.error, kit)}`}
        </p>
      )}
    </>
  );
}
