import { IconShieldCheck, IconShieldCheckFilled, IconShieldQuestion } from '@tabler/icons-react';
import type { Evidence } from '../model/contact.ts';
import styles from './marks.module.css';
import { kitTexts } from './texts/kit.ts';
import { useTexts } from './use-texts.tsx';

const ICONS = {
  claimed: IconShieldQuestion,
  'code-confirmed': IconShieldCheck,
  'bank-authenticated': IconShieldCheckFilled,
} as const satisfies Record<Evidence, unknown>;

/** How sure we are who the client is: a shield with its meaning in words where `named`, else as its name. */
export function EvidenceMark({ evidence, named = false }: EvidenceMarkProps) {
  const texts = useTexts(kitTexts);
  const name = texts.t(`evidence.${evidence}`);
  const Icon = ICONS[evidence];
  return (
    <span className={styles.mark} data-evidence={evidence} title={named ? undefined : name}>
      <Icon size={16} stroke={1.6} aria-hidden />
      <span className={named ? undefined : 'unseen'}>{name}</span>
    </span>
  );
}

interface EvidenceMarkProps {
  readonly evidence: Evidence;
  readonly named?: boolean;
}
