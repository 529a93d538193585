import { useRouteContext } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { TrainingPage } from '../../bots/training/page/training-page.tsx';
import { ChannelsPage } from '../../gateway/web/channels/channels-page.tsx';
import { LedgerPage } from '../../gateway/web/ledger/ledger-page.tsx';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import { nameOfBank } from './bank-names.ts';
import { NoRight } from './no-right.tsx';
import { consoleTexts } from './texts/console.ts';
import { useLocale } from './use-locale.ts';

/** /window/ledger: what waits for a person. */
export function LedgerPart() {
  const { api, session } = useRouteContext({ from: '/signed-in' });
  useTitle('part.ledger');
  if (!session.permissions.includes('ledger.read')) return <NoRight session={session} needs="ledger.read" />;
  const rights = {
    mayDecide: session.permissions.includes('ledger.decide'),
    mayReadRaw: session.permissions.includes('ledger.raw'),
  };
  return <LedgerPage api={api} rights={rights} />;
}

/** /window/channels: how each channel is. */
export function ChannelsPart() {
  const { api, session } = useRouteContext({ from: '/signed-in' });
  useTitle('part.channels');
  if (!session.permissions.includes('ledger.read')) return <NoRight session={session} needs="ledger.read" />;
  return <ChannelsPage api={api} mayTest={session.permissions.includes('channels.test')} />;
}

/** /window/training: what the bot understands, and how it is taught. */
export function TrainingPart() {
  const { api, session } = useRouteContext({ from: '/signed-in' });
  useTitle('part.training');
  const locale = useLocale();
  const nameOf = useMemo(() => nameOfBank(locale), [locale]);
  if (!session.permissions.includes('training.edit'))
    return <NoRight session={session} needs="training.edit" />;
  return <TrainingPage api={api} nameOf={nameOf} />;
}

function useTitle(part: 'part.ledger' | 'part.channels' | 'part.training'): void {
  const title = useTexts(consoleTexts).t(part);
  useEffect(() => {
    document.title = `${title} · Okno`;
  }, [title]);
}
