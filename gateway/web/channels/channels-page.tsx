import { Button, Skeleton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconMoon,
  IconPlugOff,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { channelList, type ShownChannel } from '../../health/api.ts';
import type { ApiClient } from '../api-client.ts';
import { ChannelMark } from '../channel-mark.tsx';
import { durationText, fullTime, numberText, shortTime } from '../dates.ts';
import { useNow } from '../now.ts';
import { EmptyState, FailedState } from '../states.tsx';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import styles from './channels.module.css';
import { Findings } from './findings.tsx';
import { TestDialog } from './test-dialog.tsx';
import { channelTexts } from './texts/channels.ts';

/** A channel turns red here within a minute: the hub asks every 20 s, the page as often. */
const LOOK_EVERY_MS = 15_000;

export interface ChannelsPageProps {
  readonly api: ApiClient;
  readonly mayTest: boolean;
}

/** How each channel is, what is wrong with it and what to do. */
export function ChannelsPage({ api, mayTest }: ChannelsPageProps) {
  const texts = useTexts(channelTexts);
  const [tested, setTested] = useState<string | undefined>();
  const query = useQuery({
    queryKey: ['channels'],
    queryFn: ({ signal }) => api.get('/api/v1/channels', channelList, signal),
    refetchInterval: LOOK_EVERY_MS,
  });
  return (
    <section className={styles.page} aria-labelledby="channels-title">
      <header className={styles.head}>
        <h1 id="channels-title" className={styles.title}>
          {texts.t('title')}
        </h1>
      </header>
      {query.data ? (
        <List channels={query.data.channels} onTest={mayTest ? setTested : undefined} />
      ) : query.error ? (
        <FailedState title={texts.t('failed')} error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Loading />
      )}
      {tested !== undefined && <TestDialog api={api} channel={tested} onClose={() => setTested(undefined)} />}
    </section>
  );
}

function Loading() {
  const kit = useTexts(kitTexts);
  return (
    <div className={styles.list} role="status" aria-label={kit.t('loading')}>
      {[1, 2].map((number) => (
        <Skeleton key={number} height={120} />
      ))}
    </div>
  );
}

interface ListProps {
  readonly channels: readonly ShownChannel[];
  readonly onTest: ((channel: string) => void) | undefined;
}

function List({ channels, onTest }: ListProps) {
  const texts = useTexts(channelTexts);
  if (channels.length === 0) {
    return (
      <EmptyState title={texts.t('empty')}>
        <p className={styles.dim}>{texts.t('empty.hint')}</p>
      </EmptyState>
    );
  }
  return (
    <ul className={styles.list} aria-label={texts.t('list')}>
      {channels.map((channel) => (
        <li key={channel.channel} className={styles.channel} data-state={channel.state}>
          <div className={styles.name}>
            <h2 className={styles.channelName}>
              <ChannelMark channel={channel.channel} named />
            </h2>
            <State state={channel.state} />
            {onTest && channel.network !== undefined && (
              <Button
                className={styles.test}
                size="xs"
                variant="default"
                onClick={() => onTest(channel.channel)}
              >
                {texts.t('test')}
              </Button>
            )}
          </div>
          <Findings findings={channel.findings} />
          <Facts channel={channel} />
        </li>
      ))}
    </ul>
  );
}

const ICONS = {
  working: IconCircleCheck,
  silent: IconMoon,
  troubled: IconAlertTriangle,
  broken: IconCircleX,
  off: IconPlugOff,
  unknown: IconClock,
} as const satisfies Record<ShownChannel['state'], unknown>;

function State({ state }: { readonly state: ShownChannel['state'] }) {
  const texts = useTexts(channelTexts);
  const Icon = ICONS[state];
  return (
    <span className={styles.state} data-state={state}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {texts.t(`state.${state}`)}
    </span>
  );
}

function Facts({ channel }: { readonly channel: ShownChannel }) {
  const texts = useTexts(channelTexts);
  const now = useNow();
  const { locale } = texts;
  const { account, lastInboundAt, accepted, failed, waiting, waitingSince } = channel;
  const waited = waitingSince && durationText(now - Date.parse(waitingSince), locale);
  return (
    <dl className={styles.facts}>
      {account && <Fact name={texts.t('account')}>{account}</Fact>}
      <Fact name={texts.t('lastInbound')}>
        {lastInboundAt ? (
          <time dateTime={lastInboundAt} title={fullTime(lastInboundAt, locale)}>
            {shortTime(lastInboundAt, now, locale)}
          </time>
        ) : (
          texts.t('never')
        )}
      </Fact>
      <Fact name={texts.t('attempts')}>
        {numberText(accepted, locale)}
        {failed > 0 && `, ${texts.t('attemptsFailed', { count: numberText(failed, locale) })}`}
      </Fact>
      <Fact name={texts.t('waiting')}>
        {waited
          ? texts.t('waitingSince', { count: numberText(waiting, locale), time: waited })
          : numberText(waiting, locale)}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className={styles.dim}>{name}</dt>
      <dd className={styles.value}>{children}</dd>
    </div>
  );
}
