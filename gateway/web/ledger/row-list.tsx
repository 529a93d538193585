import { Button, Skeleton, UnstyledButton } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ShownLetter, ShownQuarantined } from '../../ledger/api.ts';
import type { ApiClient } from '../api-client.ts';
import { ChannelMark } from '../channel-mark.tsx';
import { fullTime, shortTime } from '../dates.ts';
import { useNow } from '../now.ts';
import { EmptyState, FailedState } from '../states.tsx';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import styles from './ledger.module.css';
import { quarantineReason } from './quarantine-reason.ts';
import { letterPages, quarantinePages } from './queries.ts';
import { ledgerTexts } from './texts/ledger.ts';

export type Kind = 'letters' | 'quarantine';

export interface RowListProps {
  readonly api: ApiClient;
  readonly kind: Kind;
  readonly isDecided: boolean;
  readonly onOpen: (id: string) => void;
}

/** The list, a page at a time. */
export function RowList(props: RowListProps) {
  return props.kind === 'letters' ? <Letters {...props} /> : <Entries {...props} />;
}

function Letters({ api, isDecided, onOpen }: RowListProps) {
  const query = useInfiniteQuery(letterPages(api, isDecided));
  const rows = query.data?.pages.flatMap((page) => page.rows);
  return (
    <Shown kind="letters" isDecided={isDecided} query={query} rows={rows}>
      {(row: ShownLetter) => <LetterRow key={row.id} row={row} onOpen={onOpen} />}
    </Shown>
  );
}

function Entries({ api, isDecided, onOpen }: RowListProps) {
  const query = useInfiniteQuery(quarantinePages(api, isDecided));
  const rows = query.data?.pages.flatMap((page) => page.rows);
  return (
    <Shown kind="quarantine" isDecided={isDecided} query={query} rows={rows}>
      {(row: ShownQuarantined) => <EntryRow key={row.id} row={row} onOpen={onOpen} />}
    </Shown>
  );
}

interface ShownProps<Row> {
  readonly kind: Kind;
  readonly isDecided: boolean;
  readonly query: {
    readonly error: Error | null;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly isFetchNextPageError: boolean;
    refetch(): unknown;
    fetchNextPage(): unknown;
  };
  readonly rows: readonly Row[] | undefined;
  readonly children: (row: Row) => ReactNode;
}

function Shown<Row>({ kind, isDecided, query, rows, children }: ShownProps<Row>) {
  const texts = useTexts(ledgerTexts);
  if (!rows) {
    return query.error ? (
      <FailedState title={texts.t('failed')} error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading />
    );
  }
  if (rows.length === 0) {
    const what = isDecided ? 'decided' : kind;
    return (
      <EmptyState title={texts.t(`empty.${what}`)} icon={<IconCircleCheck size={24} stroke={1.6} />}>
        <p className={styles.hint}>{texts.t(`empty.${what}.hint`)}</p>
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={styles.rows} aria-label={texts.t(`list.${kind}`)}>
        {rows.map(children)}
      </ul>
      {query.isFetchNextPageError && <p role="alert">{texts.t('moreFailed')}</p>}
      {query.hasNextPage && (
        <Button
          className={styles.more}
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {texts.t('more')}
        </Button>
      )}
    </>
  );
}

function Loading() {
  const texts = useTexts(kitTexts);
  return (
    <div className={styles.rows} role="status" aria-label={texts.t('loading')}>
      {[1, 2, 3].map((number) => (
        <Skeleton key={number} height={56} className={styles.skeleton} />
      ))}
    </div>
  );
}

interface RowProps<Row> {
  readonly row: Row;
  readonly onOpen: (id: string) => void;
}

function LetterRow({ row, onOpen }: RowProps<ShownLetter>) {
  const texts = useTexts(ledgerTexts);
  const kit = useTexts(kitTexts);
  const reason = row.reason && (kit.find(`delivery.reason.${row.reason}`) ?? row.reason);
  return (
    <li>
      <UnstyledButton className={styles.row} onClick={() => onOpen(row.id)}>
        <When at={row.at} />
        <ChannelMark channel={row.channel} named />
        <span className={styles.what}>
          <span className={styles.state}>{texts.t(`state.${row.state}`)}</span>
          <span className={styles.dim}>
            {[reason, texts.t(`author.${row.author}`), row.once && texts.t('once')]
              .filter(Boolean)
              .join(' · ')}
          </span>
          {row.decision && <Decision decision={row.decision} />}
        </span>
      </UnstyledButton>
    </li>
  );
}

function EntryRow({ row, onOpen }: RowProps<ShownQuarantined>) {
  const texts = useTexts(ledgerTexts);
  return (
    <li>
      <UnstyledButton className={styles.row} onClick={() => onOpen(row.id)}>
        <When at={row.at} />
        <ChannelMark channel={row.channel} named />
        <span className={styles.what}>
          <span className={styles.state}>{quarantineReason(row.reason, texts)}</span>
          {row.cut && <span className={styles.dim}>{texts.t('cut')}</span>}
          {row.decision && <Decision decision={row.decision} />}
        </span>
      </UnstyledButton>
    </li>
  );
}

type AnyDecision = NonNullable<ShownLetter['decision'] | ShownQuarantined['decision']>;

function Decision({ decision: { decision, by } }: { readonly decision: AnyDecision }) {
  const texts = useTexts(ledgerTexts);
  return <span className={styles.dim}>{texts.t(`decision.${decision}`, { by })}</span>;
}

function When({ at }: { readonly at: string }) {
  const { locale } = useTexts(ledgerTexts);
  const now = useNow();
  return (
    <time className={styles.when} dateTime={at} title={fullTime(at, locale)}>
      {shortTime(at, now, locale)}
    </time>
  );
}
