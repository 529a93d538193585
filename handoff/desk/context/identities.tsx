import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconUnlink } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { EVIDENCE } from '../../../gateway/model/contact.ts';
import { ChannelMark } from '../../../gateway/web/channel-mark.tsx';
import { EvidenceMark } from '../../../gateway/web/evidence-mark.tsx';
import { problemText } from '../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationView } from '../../api.ts';
import { useDesk } from '../desk-context.ts';
import { queryKeys } from '../query-keys.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './context.module.css';
import { Section } from './section.tsx';

/** On which channels the client is known; a link between them can be undone by those who may. */
export function Identities({ conversation }: { readonly conversation: ConversationView }) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  const { client } = useDesk();
  const { id, identities } = conversation;
  const unlink = useMutation({
    mutationFn: (identity: string) => client.api.unlink(id, identity),
    onSettled: () => client.queries.refetchQueries({ queryKey: queryKeys.conversation(id) }),
  });
  return (
    <Section title={texts.t('who.identities')}>
      <ul className={styles.plain}>
        {identities.map((identity) => (
          <li key={identity.id} className={styles.identity}>
            <ChannelMark channel={identity.channel} named />
            <Name name={identity.name} username={identity.username} />
            <span className={styles.identityEnd}>
              <EvidenceMark evidence={EVIDENCE.find((each) => each === identity.evidence) ?? 'claimed'} />
              {identity.linked && client.mayUnlink && (
                <ActionIcon
                  size={24}
                  variant="subtle"
                  color="gray"
                  title={texts.t('who.unlink.hint')}
                  aria-label={texts.t('who.unlink')}
                  loading={unlink.isPending && unlink.variables === identity.id}
                  onClick={() => unlink.mutate(identity.id)}
                >
                  <IconUnlink size={16} />
                </ActionIcon>
              )}
            </span>
          </li>
        ))}
      </ul>
      {unlink.isError && (
        <p role="alert" className={styles.text}>
          {`${texts.t('who.unlink.failed')} ${problemText(unlink.error, kit)}`}
        </p>
      )}
    </Section>
  );
}

/** Others with the same phone number: perhaps the same client. Shown, and never linked by it. */
export function PossiblySame({ conversation }: { readonly conversation: ConversationView }) {
  const texts = useTexts(deskTexts);
  const { place, go } = useDesk();
  const { alike } = conversation;
  if (alike.length === 0) return null;
  return (
    <Section title={texts.t('who.alike')}>
      <ul className={styles.plain}>
        {alike.map(({ conversation: other, channel, name }) => (
          <li key={other}>
            <UnstyledButton
              className={styles.earlier}
              onClick={() => go({ view: place.view, conversation: other })}
            >
              <ChannelMark channel={channel} named />
              <Name name={name} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <p className={styles.dim}>{texts.t('who.alike.hint')}</p>
    </Section>
  );
}

function Name({
  name,
  username,
}: {
  readonly name?: string | undefined;
  readonly username?: string | undefined;
}) {
  const texts = useTexts(deskTexts);
  return (
    <span className={styles.identityName}>
      <bdi>{name ?? texts.t('who.noName')}</bdi>
      {username && <bdi className={styles.dim}>@{username}</bdi>}
    </span>
  );
}
