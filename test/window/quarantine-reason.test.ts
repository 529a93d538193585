import { expect, test } from 'vitest';
import { quarantineReason } from '../../gateway/web/ledger/quarantine-reason.ts';
import { en } from '../../gateway/web/ledger/texts/en.ts';
import { ru } from '../../gateway/web/ledger/texts/ru.ts';

const find = (texts: Readonly<Record<string, string>>) => ({ find: (key: string) => texts[key] });

test('a reason is told in words, with what the network calls it; an unknown one by its code', () => {
  expect(quarantineReason('future-dated', find(ru))).toBe('Дата в будущем');
  expect(quarantineReason('not-an-event wall_post', find(en))).toBe(
    'An event of another shape than the network documents: wall_post',
  );
  expect(quarantineReason('something-new', find(ru))).toBe('something-new');
});
