import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationView } from '../../api.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './composer.module.css';

/** As many digits as the shortest number of a card has, in groups or not. What it really is, the hub tells. */
const LONG_NUMBER = /\d(?:[\s-]{0,2}\d){14}/;

export interface WholeNumberHintProps {
  readonly text: string;
  readonly dataClass: ConversationView['dataClass'];
}

/** Says before an operator sends it that the channel may not carry the number of an account or a card. */
export function WholeNumberHint({ text, dataClass }: WholeNumberHintProps) {
  const texts = useTexts(deskTexts);
  if (dataClass === undefined || dataClass === 'bank-secret' || !LONG_NUMBER.test(text)) return null;
  return (
    <p className={styles.wholeNumber} role="status">
      {texts.t('composer.wholeNumber')}
    </p>
  );
}
