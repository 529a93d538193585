import { Button } from '@mantine/core';
import { useState } from 'react';
import { shortTime } from '../../../gateway/web/dates.ts';
import { useNow } from '../../../gateway/web/now.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationView } from '../../api.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './composer.module.css';
import { TemplateDialog } from './template-dialog.tsx';

/** Before its end nobody needs to think of it. */
const SOON_MS = 2 * 3_600_000;

export interface ReplyWindowProps {
  readonly conversation: string;
  readonly until: string;
  readonly templates: ConversationView['templates'];
}

/**
 * Says before an operator writes that the network takes no free words any more, or soon will not, and offers what it
 * takes then.
 */
export function ReplyWindow({ conversation, until, templates = [] }: ReplyWindowProps) {
  const texts = useTexts(deskTexts);
  const [isChoosing, setChoosing] = useState(false);
  const now = useNow();
  const leftMs = Date.parse(until) - now;
  if (leftMs > SOON_MS) return null;
  const text =
    leftMs <= 0
      ? texts.t('composer.windowClosed')
      : texts.t('composer.windowUntil', { time: shortTime(until, now, texts.locale) });
  const hasTemplates = leftMs <= 0 && templates.length > 0;
  return (
    <div className={styles.window}>
      <p className={styles.windowText} role="status">
        {hasTemplates ? texts.t('composer.windowTemplates') : text}
      </p>
      {hasTemplates && (
        <Button size="xs" variant="default" onClick={() => setChoosing(true)}>
          {texts.t('template.open')}
        </Button>
      )}
      {isChoosing && (
        <TemplateDialog
          conversation={conversation}
          templates={templates}
          onClose={() => setChoosing(false)}
        />
      )}
    </div>
  );
}
