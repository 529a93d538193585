import { shippedModel } from '../../../nlu/shipped.ts';
import type { Entity, EntityKind, Locale } from '../../../nlu/types.ts';
import { createUnderstanding } from '../../../nlu/understand.ts';
import { markedKinds } from '../suite.ts';

const { understand } = createUnderstanding(shippedModel());

/** What is found of any marked kind, as "kind text=value"; today is Wednesday 2026-10-14. */
export function found(locale: Locale, text: string, awaited?: EntityKind): string[] {
  const { entities } = understand(text, { locale, today: '2026-10-14', ...(awaited && { awaited }) });
  return entities
    .filter(({ kind }) => markedKinds.includes(kind as (typeof markedKinds)[number]))
    .map((entity) => `${entity.kind} ${entity.text}=${plain(entity)}`);
}

const plain = ({ value }: Entity): string =>
  typeof value === 'string' ? value : [...new Set(Object.values(value))].join(' ');
