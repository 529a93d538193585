import { IconFlag3, IconUser } from '@tabler/icons-react';
import { memo } from 'react';
import { ChannelMark } from '../../../gateway/web/channel-mark.tsx';
import { durationText, fullTime, shortTime } from '../../../gateway/web/dates.ts';
import { EvidenceMark } from '../../../gateway/web/evidence-mark.tsx';
import { useNow } from '../../../gateway/web/now.ts';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import type { TextsOf } from '../../../gateway/web/texts.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationRow } from '../../api.ts';
import { useDesk, useDraft, useTyping } from '../desk-context.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './list.module.css';

/** Longer previews are cut before they reach the document; the row shows one line. */
const PREVIEW = 160;
/** Reasons that must be seen at a glance. */
const FLAGGED = new Set(['fraud', 'card-at-risk', 'complaint']);

/** One conversation of the list: who, on which channel, what was said last, who has it and for how long. */
export const RowContent = memo(function RowContent({ row }: { readonly row: ConversationRow }) {
  const texts = useTexts(deskTexts);
  const now = useNow();
  const { locale } = texts;
  return (
    <>
      <span className={styles.top}>
        <ChannelMark channel={row.channel} />
        <bdi className={styles.name}>{row.contact.name ?? texts.t('row.unnamed')}</bdi>
        <EvidenceMark evidence={row.contact.evidence} />
        {row.last && (
          <time className={styles.time} dateTime={row.last.at} title={fullTime(row.last.at, locale)}>
            {shortTime(row.last.at, now, locale)}
          </time>
        )}
      </span>
      <span className={styles.middle}>
        <LastSaid row={row} />
        {row.unread > 0 && (
          <span className={styles.unread} data-mine={row.owner.kind !== 'bot'}>
            <span aria-hidden>{row.unread > 99 ? '99+' : row.unread}</span>
            <span className="unseen">{texts.t('row.unread', { count: row.unread })}</span>
          </span>
        )}
      </span>
      <span className={styles.bottom}>
        <OwnerAndReason row={row} />
        {row.owner.kind === 'queue' && row.status === 'open' && (
          <span className={styles.waits}>{waitText(row.ownerSince, now, texts)}</span>
        )}
      </span>
    </>
  );
});

function LastSaid({ row }: { readonly row: ConversationRow }) {
  const texts = useTexts(deskTexts);
  const typing = useTyping(row.id);
  const [draft] = useDraft(row.id, 'reply');
  if (typing === 'client') return <span className={styles.typing}>{texts.t('row.typing')}</span>;
  if (draft !== '') {
    return (
      <span className={styles.said}>
        <span className={styles.draft}>{texts.t('row.draft')}: </span>
        <bdi>{draft.slice(0, PREVIEW)}</bdi>
      </span>
    );
  }
  if (!row.last) return <span className={styles.said}>{texts.t('row.noMessages')}</span>;
  return (
    <span className={styles.said}>
      <span className={styles.who}>{texts.t(`row.from.${row.last.from}`)}: </span>
      <bdi>{wordsOf(row.last, texts)}</bdi>
    </span>
  );
}

const WORDLESS = ['image', 'file', 'audio', 'video', 'sticker', 'location'] as const;

function wordsOf(
  { text, kind, deleted }: NonNullable<ConversationRow['last']>,
  texts: TextsOf<typeof deskTexts>,
): string {
  if (deleted) return texts.t('row.deleted');
  if (text !== '' || kind === undefined) return text.slice(0, PREVIEW);
  return texts.t(`row.wordless.${WORDLESS.find((known) => known === kind) ?? 'other'}`);
}

function OwnerAndReason({ row }: { readonly row: ConversationRow }) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  const { me } = useDesk().client;
  const { owner } = row;
  const reason = row.reason && kit.find(`reason.${row.reason}`);
  const isMine = owner.kind === 'operator' && owner.operator === me.id;
  const state = (() => {
    if (owner.kind === 'queue') return reason ? undefined : texts.t('row.owner.queue');
    if (owner.kind === 'operator')
      return isMine ? (reason ? undefined : texts.t('row.owner.me')) : owner.name;
    return texts.t(`row.owner.${owner.kind}`);
  })();
  return (
    <span className={styles.state}>
      {reason && row.reason && FLAGGED.has(row.reason) ? (
        <span className={styles.flag} data-reason={row.reason}>
          <IconFlag3 size={14} stroke={1.8} aria-hidden />
          {capital(reason)}
        </span>
      ) : (
        reason && owner.kind !== 'bot' && <span>{capital(reason)}</span>
      )}
      {state && (
        <span className={styles.owner}>
          {owner.kind === 'operator' && !isMine && <IconUser size={14} stroke={1.6} aria-hidden />}
          <bdi>{state}</bdi>
        </span>
      )}
    </span>
  );
}

function waitText(since: string, now: number, texts: TextsOf<typeof deskTexts>): string {
  const time = durationText(now - Date.parse(since), texts.locale);
  return time === undefined ? texts.t('row.waitsShort') : texts.t('row.waits', { time });
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
