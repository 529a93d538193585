import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { EmptyState } from '../../../gateway/web/states.tsx';
import type { TextsOf } from '../../../gateway/web/texts.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { lintResult } from '../api.ts';
import { lintQuery } from './queries.ts';
import { shareText } from './shares.ts';
import type { Place } from './shown-phrases.ts';
import { trainingTexts } from './texts/training.ts';
import styles from './training.module.css';
import { useTraining } from './training-context.ts';
import { Unread } from './unread.tsx';

type Finding = z.infer<typeof lintResult>['findings'][number];

const KINDS = ['conflict', 'near-duplicate', 'repeated', 'too-few', 'too-similar', 'would-move'] as const;

/** Findings of one kind that are drawn. */
const MOST = 50;

/** What an admin should look at among the phrases. */
export function LintTab() {
  const texts = useTexts(trainingTexts);
  const { api } = useTraining();
  const { data, error, refetch } = useQuery(lintQuery(api));
  if (!data) {
    return <Unread title={texts.t('lint.failed')} error={error} onRetry={() => void refetch()} />;
  }
  if (data.findings.length === 0) {
    return (
      <EmptyState title={texts.t('lint.empty')}>
        <p>{texts.t('lint.empty.hint')}</p>
      </EmptyState>
    );
  }
  return (
    <div className={styles.panel}>
      {KINDS.map((kind) => (
        <Kind key={kind} kind={kind} findings={data.findings.filter((finding) => finding.kind === kind)} />
      ))}
    </div>
  );
}

function Kind({ kind, findings }: { readonly kind: Finding['kind']; readonly findings: readonly Finding[] }) {
  const texts = useTexts(trainingTexts);
  const { nameOf, openPlace, askPlace } = useTraining();
  if (findings.length === 0) return null;
  return (
    <section>
      <h2 className={styles.heading}>
        {texts.t(`lint.${kind}`)} <span className={styles.dim}>{findings.length}</span>
      </h2>
      <p className={styles.dim}>{texts.t(`lint.${kind}.hint`)}</p>
      <ul className={styles.rows}>
        {findings.slice(0, MOST).map((finding) => {
          const words = wordsOf(finding, texts, nameOf);
          return (
            <li key={words} className={styles.row}>
              <span className={styles.text}>{words}</span>
              {finding.kind === 'would-move' ? (
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => askPlace(finding.text, finding.to)}
                >
                  {texts.t('move.short')}
                </Button>
              ) : (
                <Button size="compact-xs" variant="default" onClick={() => openPlace(placeOf(finding))}>
                  {texts.t('lint.open')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function placeOf(finding: Exclude<Finding, { kind: 'would-move' }>): Place {
  if (finding.kind === 'conflict') return finding.intents[0] ?? null;
  return finding.kind === 'near-duplicate' ? finding.second.label : finding.intent;
}

/** A finding in one line. */
function wordsOf(
  finding: Finding,
  texts: TextsOf<typeof trainingTexts>,
  nameOf: (place: Place) => string,
): string {
  const quoted = (text: string) => texts.t('quoted', { text });
  switch (finding.kind) {
    case 'conflict':
      return `${quoted(finding.text)}: ${finding.intents.map(nameOf).join(', ')}`;
    case 'near-duplicate':
      return `${quoted(finding.first.text)} (${nameOf(finding.first.label)}), ${quoted(finding.second.text)} (${nameOf(finding.second.label)})`;
    case 'repeated':
      return `${quoted(finding.text)} (${nameOf(finding.intent)}) × ${finding.times}`;
    case 'too-few':
      return texts.t('lint.few', {
        intent: nameOf(finding.intent),
        count: finding.phrases,
        least: finding.least,
      });
    case 'too-similar':
      return `${nameOf(finding.intent)}: ${shareText(finding.share, texts.locale)}`;
    case 'would-move':
      return `${quoted(finding.text)}: ${nameOf(finding.from)} → ${nameOf(finding.to)} (${shareText(finding.confidence, texts.locale)})`;
  }
}
