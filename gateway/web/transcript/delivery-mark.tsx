import { IconAlertCircle, IconCheck, IconChecks, IconClock } from '@tabler/icons-react';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import { deliveryFate } from './delivery-fate.ts';
import type { ShownDelivery } from './shown.ts';
import styles from './transcript.module.css';

const ICONS = { pending: IconClock, sent: IconCheck, delivered: IconChecks, read: IconChecks } as const;

/** What became of a message of ours: a small icon with a name, or, where it went wrong, words with the reason. */
export function DeliveryMark({ delivery }: { readonly delivery: ShownDelivery }) {
  const texts = useTexts(kitTexts);
  const fate = deliveryFate(delivery);
  const name = texts.t(`delivery.${fate.name}`);
  if (fate.look === 'trouble') return null;
  const Icon = ICONS[fate.look];
  return (
    <span className={styles.delivery} data-look={fate.look} title={name}>
      <Icon size={14} stroke={1.8} aria-hidden />
      <span className="unseen">{name}</span>
    </span>
  );
}

export interface DeliveryTroubleProps {
  readonly delivery: ShownDelivery;
  /** Of a change of the message: arriving twice does no harm. */
  readonly isRevision?: boolean;
}

/** The words about a message that went wrong or may have arrived twice; nothing for all others. */
export function DeliveryTrouble({ delivery, isRevision = false }: DeliveryTroubleProps) {
  const texts = useTexts(kitTexts);
  const fate = deliveryFate(delivery);
  const parts: string[] = [];
  if (fate.look === 'trouble') {
    const reason = delivery.reason && (texts.find(`delivery.reason.${delivery.reason}`) ?? delivery.reason);
    if (isRevision) parts.push(texts.t('transcript.change'));
    parts.push(texts.t(`delivery.${fate.name}`), ...(reason ? [reason] : []));
  }
  if (delivery.possiblyTwice && !isRevision) parts.push(texts.t('delivery.possiblyTwice'));
  if (parts.length === 0) return null;
  return (
    <span className={styles.trouble} data-serious={fate.look === 'trouble'}>
      <IconAlertCircle size={14} stroke={1.8} aria-hidden />
      <span>{parts.join(' · ')}</span>
    </span>
  );
}
