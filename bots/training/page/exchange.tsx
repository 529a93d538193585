import { Anchor, Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { z } from 'zod';
import type { ApiClient } from '../../../gateway/web/api-client.ts';
import { problemText } from '../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import type { TextsOf } from '../../../gateway/web/texts.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import { imported } from '../api.ts';
import { trainingKey } from './queries.ts';
import { trainingTexts } from './texts/training.ts';
import styles from './training.module.css';

const FORMATS = ['tsv', 'rasa', 'dialogflow'] as const;

/** More are told by their number. */
const MOST_NAMES = 10;

/** Which intents are called otherwise than in the file. */
function renamedText(
  texts: TextsOf<typeof trainingTexts>,
  renamed: z.infer<typeof imported>['renamed'],
): string {
  const names = renamed
    .slice(0, MOST_NAMES)
    .map(({ from, to }) => `${texts.t('import.quoted', { from })} → ${to}`);
  const more = renamed.length - names.length;
  if (more > 0) names.push(texts.t('import.more', { more }));
  return texts.t('import.renamed', { names: names.join(', ') });
}

/** Brings phrases from a file, and gives all of them as one. */
export function Exchange({ api }: { readonly api: ApiClient }) {
  const texts = useTexts(trainingTexts);
  const kit = useTexts(kitTexts);
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const send = useMutation({
    mutationFn: (file: File) => api.upload('/api/v1/training/import', file, imported),
    onSettled: () => queries.invalidateQueries({ queryKey: trainingKey }),
  });
  return (
    <div className={styles.line}>
      <span role="status" className={styles.dim}>
        {send.data && texts.t('import.done', { phrases: send.data.phrases, unchanged: send.data.unchanged })}
        {send.data && send.data.masked > 0 && ` ${texts.t('import.masked', { masked: send.data.masked })}`}
        {send.data && send.data.renamed.length > 0 && ` ${renamedText(texts, send.data.renamed)}`}
      </span>
      {send.error && (
        <span role="alert" className={styles.failure}>
          {problemText(send.error, kit)}
        </span>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept=".tsv,.txt,.yml,.yaml,.zip"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) send.mutate(file);
          // The same file may be chosen again, mended.
          currentTarget.value = '';
        }}
      />
      <Button
        size="xs"
        variant="default"
        title={texts.t('import.hint')}
        loading={send.isPending}
        onClick={() => input.current?.click()}
      >
        {texts.t('import')}
      </Button>
      <span aria-hidden className={styles.dim}>
        {texts.t('export')}
      </span>
      {FORMATS.map((format) => (
        <Anchor
          key={format}
          className={styles.export}
          href={`/api/v1/training/export?format=${format}`}
          download
          aria-label={texts.t('export.as', { format: texts.t(`export.${format}`) })}
        >
          {texts.t(`export.${format}`)}
        </Anchor>
      ))}
    </div>
  );
}
