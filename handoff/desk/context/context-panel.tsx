import { ActionIcon, Skeleton, Tabs } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState, FailedState } from '../../../gateway/web/states.tsx';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { useDesk } from '../desk-context.ts';
import { useConversation } from '../queries.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './context.module.css';
import { History } from './history.tsx';
import { What } from './what.tsx';
import { Who } from './who.tsx';

const TABS = ['what', 'who', 'history'] as const;
type Tab = (typeof TABS)[number];

/** What is known beside the messages: what it is about, who it is, and what was before. */
export function ContextPanel({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(deskTexts);
  const { place } = useDesk();
  const [tab, setTab] = useState<Tab>('what');
  if (place.conversation === undefined)
    return <aside className={styles.panel} aria-label={texts.t('context.label')} />;
  return (
    <aside className={styles.panel} aria-label={texts.t('context.label')}>
      <Tabs
        className={styles.tabs}
        value={tab}
        onChange={(value) => setTab(TABS.find((each) => each === value) ?? 'what')}
        keepMounted={false}
      >
        <div className={styles.head}>
          <Tabs.List className={styles.tabList}>
            {TABS.map((each) => (
              <Tabs.Tab key={each} value={each} className={styles.tab}>
                {texts.t(`context.${each}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <ActionIcon
            className={styles.close}
            data-pane-focus="context"
            variant="subtle"
            color="gray"
            size={36}
            aria-label={texts.t('context.close')}
            onClick={onClose}
          >
            <IconX size={20} />
          </ActionIcon>
        </div>
        {TABS.map((each) => (
          <Tabs.Panel key={each} value={each} className={styles.body} tabIndex={0}>
            <TabContent tab={each} id={place.conversation ?? ''} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </aside>
  );
}

function TabContent({ tab, id }: { readonly tab: Tab; readonly id: string }) {
  const texts = useTexts(deskTexts);
  const conversation = useConversation(id);
  if (!conversation.data) {
    return conversation.isError ? (
      <FailedState
        title={texts.t('context.failed')}
        error={conversation.error}
        onRetry={() => void conversation.refetch()}
      />
    ) : (
      <ContextSkeleton />
    );
  }
  const view = conversation.data;
  if (tab === 'who') return <Who conversation={view} />;
  if (tab === 'history') return <History conversation={view} />;
  if (view.context) return <What context={view.context} urgent={view.urgent && view.reason} />;
  return <EmptyState title={texts.t('what.empty')}>{texts.t('what.empty.hint')}</EmptyState>;
}

function ContextSkeleton() {
  const texts = useTexts(kitTexts);
  return (
    <div className={styles.skeleton} role="status" aria-busy>
      <span className="unseen">{texts.t('loading')}</span>
      <Skeleton height={12} width="30%" />
      <Skeleton height={14} width="70%" />
      <Skeleton height={12} width="30%" mt={16} />
      <Skeleton height={60} />
      <Skeleton height={12} width="30%" mt={16} />
      <Skeleton height={80} />
    </div>
  );
}
