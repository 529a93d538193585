import { UnstyledButton } from '@mantine/core';
import { fullTime, periodText } from '../../../gateway/web/dates.ts';
import { EmptyState } from '../../../gateway/web/states.tsx';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationView } from '../../api.ts';
import { readableName, useDesk } from '../desk-context.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './context.module.css';

/** The client's earlier conversations; each can be opened. */
export function History({ conversation }: { readonly conversation: ConversationView }) {
  const texts = useTexts(deskTexts);
  const { place, go, nameOf } = useDesk();
  const { history } = conversation;
  if (history.length === 0) {
    return <EmptyState title={texts.t('history.empty')}>{texts.t('history.empty.hint')}</EmptyState>;
  }
  return (
    <ul className={styles.plain}>
      {history.map((earlier) => (
        <li key={earlier.id}>
          <UnstyledButton
            className={styles.earlier}
            onClick={() => go({ view: place.view, conversation: earlier.id })}
          >
            <span className={styles.earlierWhen} title={fullTime(earlier.openedAt, texts.locale)}>
              <span>{periodText(earlier.openedAt, earlier.closedAt, texts.locale)}</span>
              {!earlier.closedAt && <span className={styles.dim}>{texts.t('history.open')}</span>}
            </span>
            <span className={styles.dim}>
              {earlier.intent ? readableName(nameOf, earlier.intent) : texts.t('history.noIntent')}
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
