import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { ApiClient } from '../api-client.ts';
import { useTexts } from '../use-texts.tsx';
import { EntryDialog } from './entry-dialog.tsx';
import styles from './ledger.module.css';
import { LetterDialog } from './letter-dialog.tsx';
import { type Kind, RowList } from './row-list.tsx';
import { ledgerTexts } from './texts/ledger.ts';

export interface LedgerRights {
  readonly mayDecide: boolean;
  readonly mayReadRaw: boolean;
}

export interface LedgerPageProps {
  readonly api: ApiClient;
  readonly rights: LedgerRights;
}

/** What waits for a person: messages that nobody knows to have arrived, and what came in and was not understood. */
export function LedgerPage({ api, rights }: LedgerPageProps) {
  const texts = useTexts(ledgerTexts);
  const [kind, setKind] = useState<Kind>('letters');
  const [isDecided, setDecided] = useState(false);
  const [open, setOpen] = useState<string | undefined>();
  const close = () => setOpen(undefined);
  return (
    <section className={styles.page} aria-labelledby="ledger-title">
      <header className={styles.head}>
        <h1 id="ledger-title" className={styles.title}>
          {texts.t('title')}
        </h1>
        <div className={styles.choices}>
          <SegmentedControl
            aria-label={texts.t('tabs')}
            value={kind}
            onChange={(value) => setKind(value === 'quarantine' ? 'quarantine' : 'letters')}
            data={(['letters', 'quarantine'] as const).map((value) => ({
              value,
              label: texts.t(`tab.${value}`),
            }))}
          />
          <SegmentedControl
            aria-label={texts.t('decided')}
            value={isDecided ? 'yes' : 'no'}
            onChange={(value) => setDecided(value === 'yes')}
            data={(['no', 'yes'] as const).map((value) => ({ value, label: texts.t(`decided.${value}`) }))}
          />
        </div>
      </header>
      <RowList key={`${kind} ${isDecided}`} api={api} kind={kind} isDecided={isDecided} onOpen={setOpen} />
      {open !== undefined && kind === 'letters' && (
        <LetterDialog api={api} id={open} rights={rights} onClose={close} />
      )}
      {open !== undefined && kind === 'quarantine' && (
        <EntryDialog api={api} id={open} rights={rights} onClose={close} />
      )}
    </section>
  );
}
