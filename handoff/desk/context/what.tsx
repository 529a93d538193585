import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { HandoffContext } from '../../context.ts';
import { readableName, useDesk } from '../desk-context.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './context.module.css';
import { Section } from './section.tsx';

interface WhatProps {
  readonly context: HandoffContext;
  /** Why it became urgent while the client waited. */
  readonly urgent?: string | undefined;
}

/** What the conversation is about, as the bot handed it over. */
export function What({ context, urgent }: WhatProps) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  const { nameOf } = useDesk();
  const why = urgent ?? context.reason;
  const reason = kit.find(`reason.${why}`) ?? why;
  return (
    <>
      <Section title={texts.t('what.reason')}>
        <p className={styles.reason} data-reason={why}>
          {reason}
        </p>
      </Section>
      <Section title={texts.t('what.summary')}>
        <p className={styles.text} dir="auto">
          {context.summary}
        </p>
      </Section>
      {context.intent && (
        <Section title={texts.t('what.intent')}>
          <p className={styles.text}>{readableName(nameOf, context.intent)}</p>
        </Section>
      )}
      {context.slots.length > 0 && (
        <Section title={texts.t('what.slots')}>
          <dl className={styles.slots}>
            {context.slots.map((slot) => (
              <div key={slot.name} className={styles.slot}>
                <dt dir="auto">{slot.title}</dt>
                <dd dir="auto">{slot.value}</dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
      {context.steps.length > 0 && <Steps steps={context.steps} />}
      {context.misses.length > 0 && (
        <Section title={texts.t('what.misses')}>
          <ul className={styles.misses}>
            {context.misses.map((miss, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the package never changes
              <li key={index} dir="auto">
                {miss}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Steps({ steps }: { readonly steps: HandoffContext['steps'] }) {
  const texts = useTexts(deskTexts);
  const { nameOf } = useDesk();
  return (
    <Section title={texts.t('what.steps')}>
      <ol className={styles.steps}>
        {steps.map((step, index) => {
          const outcome = step.outcome && (texts.find(`outcome.${step.outcome}`) ?? step.outcome);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the package never changes
            <li key={index}>
              <span>{readableName(nameOf, step.script)}</span>
              {outcome && <span className={styles.outcome}>{outcome}</span>}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
