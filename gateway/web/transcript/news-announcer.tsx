import { useEffect, useState } from 'react';
import { readableText } from '../../model/content.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import type { ShownItem } from './shown.ts';

const MAX_SPOKEN = 300;

/** Tells screen readers what others said since the transcript was opened, and nothing of what older pages bring. */
export function NewsAnnouncer({
  items,
  clientName,
}: {
  readonly items: readonly ShownItem[];
  readonly clientName: string;
}) {
  const texts = useTexts(kitTexts);
  const head = items.at(-1)?.seq ?? 0;
  const [announced, setAnnounced] = useState(head);
  const [news, setNews] = useState('');
  useEffect(() => {
    if (head <= announced) return;
    const spoken = items
      .filter((item) => item.seq > announced)
      .flatMap((item) => {
        if (item.type !== 'message' || item.from === 'operator') return [];
        const author = item.from === 'client' ? clientName : texts.t(`author.${item.from}`);
        return [`${author}: ${readableText(item.content).slice(0, MAX_SPOKEN)}`];
      });
    setAnnounced(head);
    if (spoken.length > 0) setNews(spoken.join('\n'));
  }, [items, head, announced, clientName, texts]);
  return (
    <div className="unseen" aria-live="polite">
      {news}
    </div>
  );
}
