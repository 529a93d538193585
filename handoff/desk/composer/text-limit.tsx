import { segmentsOf } from '../../../gateway/connectors/sms/segments.ts';
import type { Locale } from '../../../gateway/model/contact.ts';
import { numberText } from '../../../gateway/web/dates.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationView } from '../../api.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './composer.module.css';

/** Longest text that the API takes, characters. */
export const MAX_TEXT = 100_000;

export interface TextLimitProps {
  readonly text: string;
  readonly limit: number;
  readonly unit?: ConversationView['textUnit'];
  readonly price?: ConversationView['segmentPrice'];
}

/** How much of the channel's limit is used; a longer text goes out in parts, up to what the API takes. Of SMS what is paid for: the segments. */
export function TextLimit({ text, limit, unit, price }: TextLimitProps) {
  const texts = useTexts(deskTexts);
  const used = text.length;
  const figure = (value: number) => numberText(value, texts.locale);
  if (used > MAX_TEXT) {
    return <span className={styles.over}>{texts.t('composer.tooLong', { limit: figure(MAX_TEXT) })}</span>;
  }
  if (unit === 'segments') {
    const { count, left } = segmentsOf(text);
    return (
      <>
        {texts.t('composer.segments', { count, left: figure(left) })}
        {price && `, ${texts.t('composer.cost', { cost: costText(price, count, texts.locale) })}`}
      </>
    );
  }
  const parts = Math.ceil(used / limit);
  return (
    <>
      {texts.t('composer.limit', { used: figure(used), limit: figure(limit) })}
      {parts > 1 && `, ${texts.t('composer.parts', { count: parts })}`}
    </>
  );
}

function costText(
  { amount, currency }: NonNullable<TextLimitProps['price']>,
  segments: number,
  locale: Locale,
): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount * segments);
}
