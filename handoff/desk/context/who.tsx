import { EVIDENCE } from '../../../gateway/model/contact.ts';
import { ChannelMark } from '../../../gateway/web/channel-mark.tsx';
import { EvidenceMark } from '../../../gateway/web/evidence-mark.tsx';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationView } from '../../api.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './context.module.css';
import { Section } from './section.tsx';

/** Who the client is, how sure we are of it, and on which channels we know them. */
export function Who({ conversation }: { readonly conversation: ConversationView }) {
  const texts = useTexts(deskTexts);
  const { contact, identities, locale } = conversation;
  return (
    <>
      <div className={styles.section}>
        <p className={styles.name}>
          <bdi>{contact.name ?? texts.t('row.unnamed')}</bdi>
        </p>
        <EvidenceMark evidence={contact.evidence} named />
        <p className={styles.text}>{texts.t(`who.evidence.${contact.evidence}`)}</p>
      </div>
      <Section title={texts.t('who.identities')}>
        <ul className={styles.plain}>
          {identities.map((identity) => {
            const evidence = EVIDENCE.find((each) => each === identity.evidence) ?? 'claimed';
            return (
              <li key={identity.id} className={styles.identity}>
                <ChannelMark channel={identity.channel} named />
                <span className={styles.identityName}>
                  <bdi>{identity.name ?? texts.t('who.noName')}</bdi>
                  {identity.username && <bdi className={styles.dim}>@{identity.username}</bdi>}
                </span>
                <EvidenceMark evidence={evidence} />
              </li>
            );
          })}
        </ul>
      </Section>
      <Section title={texts.t('who.locale')}>
        <p className={styles.text}>{texts.t(`who.locale.${locale}`)}</p>
      </Section>
    </>
  );
}
