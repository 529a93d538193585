import { ActionIcon, Button } from '@mantine/core';
import {
  IconArchive,
  IconArrowLeft,
  IconInbox,
  IconLayoutSidebarRight,
  IconRobot,
  IconUserCheck,
} from '@tabler/icons-react';
import { ChannelMark } from '../../../gateway/web/channel-mark.tsx';
import { durationText } from '../../../gateway/web/dates.ts';
import { EvidenceMark } from '../../../gateway/web/evidence-mark.tsx';
import { useNow } from '../../../gateway/web/now.ts';
import type { TextsOf } from '../../../gateway/web/texts.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationRow } from '../../api.ts';
import type { OwnerAct } from '../desk-api.ts';
import { deskTexts } from '../texts/desk.ts';
import type { AllowedActs } from './owner-acts.ts';
import styles from './thread.module.css';

export interface ThreadHeaderProps {
  readonly row: ConversationRow;
  readonly allowed: AllowedActs;
  readonly pending: OwnerAct | undefined;
  readonly onAct: (act: OwnerAct) => void;
  readonly onBack: () => void;
  readonly onContext: () => void;
}

const ICONS = { release: IconInbox, return: IconRobot, close: IconArchive } as const;

/** Who the client is, who has the conversation, and what can be done with it. */
export function ThreadHeader({ row, allowed, pending, onAct, onBack, onContext }: ThreadHeaderProps) {
  const texts = useTexts(deskTexts);
  return (
    <header className={styles.header}>
      <ActionIcon
        className={styles.back}
        data-pane-focus="thread"
        variant="subtle"
        color="gray"
        size={36}
        aria-label={texts.t('thread.back')}
        onClick={onBack}
      >
        <IconArrowLeft size={20} />
      </ActionIcon>
      <div className={styles.who}>
        <div className={styles.whoName}>
          <h2 className={styles.name}>
            <bdi>{row.contact.name ?? texts.t('row.unnamed')}</bdi>
          </h2>
          <span className={styles.evidence}>
            <EvidenceMark evidence={row.contact.evidence} named />
          </span>
        </div>
        <div className={styles.whoState}>
          <ChannelMark channel={row.channel} named />
          <span className={styles.owner}>
            <OwnerState row={row} isMine={allowed.isMine} />
          </span>
        </div>
      </div>
      <div className={styles.acts}>
        {allowed.take && (
          <Button
            size="xs"
            variant="filled"
            leftSection={<IconUserCheck size={16} aria-hidden />}
            loading={pending === 'take'}
            onClick={() => onAct('take')}
          >
            {texts.t('act.take')}
          </Button>
        )}
        {allowed.own &&
          (['return', 'release', 'close'] as const).map((act) => {
            const Icon = ICONS[act];
            return (
              <Button
                key={act}
                className={styles.act}
                size="xs"
                variant="default"
                loading={pending === act}
                title={texts.t(`act.${act}.command`)}
                leftSection={<Icon size={16} stroke={1.6} aria-hidden />}
                onClick={() => onAct(act)}
              >
                <span className={styles.actName}>{texts.t(`act.${act}`)}</span>
              </Button>
            );
          })}
        <ActionIcon
          className={styles.contextButton}
          data-pane-focus="context-opener"
          variant="subtle"
          color="gray"
          size={36}
          aria-label={texts.t('thread.context')}
          onClick={onContext}
        >
          <IconLayoutSidebarRight size={20} />
        </ActionIcon>
      </div>
    </header>
  );
}

function OwnerState({ row, isMine }: { readonly row: ConversationRow; readonly isMine: boolean }) {
  const texts = useTexts(deskTexts);
  return <bdi>{ownerText(row, isMine, useNow(), texts)}</bdi>;
}

type DeskTexts = TextsOf<typeof deskTexts>;

function ownerText(row: ConversationRow, isMine: boolean, now: number, texts: DeskTexts): string {
  const { owner } = row;
  if (row.status === 'closed') return texts.t('thread.owner.nobody');
  switch (owner.kind) {
    case 'bot':
    case 'nobody':
      return texts.t(`thread.owner.${owner.kind}`);
    case 'operator':
      return isMine ? texts.t('thread.owner.me') : texts.t('thread.owner.operator', { name: owner.name });
    case 'queue': {
      const time = durationText(now - Date.parse(row.ownerSince), texts.locale);
      return time === undefined ? texts.t('thread.owner.queueNow') : texts.t('thread.owner.queue', { time });
    }
  }
}
