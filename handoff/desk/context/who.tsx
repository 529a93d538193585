import { EvidenceMark } from '../../../gateway/web/evidence-mark.tsx';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationView } from '../../api.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './context.module.css';
import { GoOn } from './go-on.tsx';
import { Identities, PossiblySame } from './identities.tsx';
import { Section } from './section.tsx';

/** Who the client is, how sure we are of it, on which channels we know them, and where they can go on. */
export function Who({ conversation }: { readonly conversation: ConversationView }) {
  const texts = useTexts(deskTexts);
  const { contact, locale } = conversation;
  return (
    <>
      <div className={styles.section}>
        <p className={styles.name}>
          <bdi>{contact.name ?? texts.t('row.unnamed')}</bdi>
        </p>
        <EvidenceMark evidence={contact.evidence} named />
        <p className={styles.text}>{texts.t(`who.evidence.${contact.evidence}`)}</p>
      </div>
      <Identities conversation={conversation} />
      <GoOn key={conversation.id} conversation={conversation} />
      <PossiblySame conversation={conversation} />
      <Section title={texts.t('who.locale')}>
        <p className={styles.text}>{texts.t(`who.locale.${locale}`)}</p>
      </Section>
    </>
  );
}
