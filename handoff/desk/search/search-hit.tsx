import { ChannelMark } from '../../../gateway/web/channel-mark.tsx';
import { fullTime, shortTime } from '../../../gateway/web/dates.ts';
import { useNow } from '../../../gateway/web/now.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { SearchHit } from '../../api.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './search.module.css';

/** One message that was found: whose conversation, when, who said it, and the words in their place. */
export function SearchHitContent({ hit }: { readonly hit: SearchHit }) {
  const texts = useTexts(deskTexts);
  const now = useNow();
  const { channel, contact } = hit.conversation;
  return (
    <>
      <span className={styles.top}>
        <ChannelMark channel={channel} />
        <bdi className={styles.name}>{contact.name ?? texts.t('row.unnamed')}</bdi>
        <time className={styles.time} dateTime={hit.at} title={fullTime(hit.at, texts.locale)}>
          {shortTime(hit.at, now, texts.locale)}
        </time>
      </span>
      <span className={styles.text}>
        <span className={hit.from === 'note' ? styles.note : styles.who}>
          {texts.t(hit.from === 'note' ? 'search.from.note' : `row.from.${hit.from}`)}:{' '}
        </span>
        <bdi>
          <Marked text={hit.text} marks={hit.marks} />
        </bdi>
      </span>
    </>
  );
}

function Marked({ text, marks }: Pick<SearchHit, 'text' | 'marks'>) {
  return (
    <>
      {marks.map(({ start, end }, index) => (
        <span key={start}>
          {text.slice(marks[index - 1]?.end ?? 0, start)}
          <mark className={styles.mark}>{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(marks.at(-1)?.end ?? 0)}
    </>
  );
}
