import { UnstyledButton } from '@mantine/core';
import { IconArchive, IconInbox, IconMessages, IconUserCheck } from '@tabler/icons-react';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { type DeskView, VIEWS } from '../desk-api.ts';
import { useDesk } from '../desk-context.ts';
import { useCounts, useList } from '../queries.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './views-nav.module.css';

const ICONS = {
  queue: IconInbox,
  mine: IconUserCheck,
  all: IconMessages,
  closed: IconArchive,
} as const satisfies Record<DeskView, unknown>;

/** The views of the list with how many are in each: a column where there is room, else icons of the rail. */
export function ViewsNav({ shape }: { readonly shape: 'column' | 'rail' }) {
  const texts = useTexts(deskTexts);
  const { place, go } = useDesk();
  const counts = useCounts();
  const unanswered = useUnansweredMine();
  return (
    <nav className={styles.views} data-shape={shape} aria-label={texts.t('views.label')}>
      {VIEWS.map((view) => {
        const Icon = ICONS[view];
        const count = view === 'closed' ? undefined : counts?.[view];
        return (
          <UnstyledButton
            key={view}
            className={styles.view}
            aria-current={place.view === view ? 'page' : undefined}
            onClick={() => go({ ...place, view })}
          >
            <Icon size={20} stroke={1.6} aria-hidden />
            <span className={styles.name}>{texts.t(`view.${view}`)}</span>
            {count !== undefined && <span className={styles.count}>{count}</span>}
            {view === 'mine' && unanswered > 0 && (
              <span className={styles.dot} title={texts.t('view.unread', { count: unanswered })}>
                <span className="unseen">{texts.t('view.unread', { count: unanswered })}</span>
              </span>
            )}
          </UnstyledButton>
        );
      })}
    </nav>
  );
}

/** How many of my conversations wait for my answer. */
export function useUnansweredMine(): number {
  const mine = useList('mine').data;
  return mine?.rows.filter(({ unread }) => unread > 0).length ?? 0;
}
