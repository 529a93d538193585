import { expect, test } from 'vitest';
import { maskedContact } from '../../gateway/move-question.ts';

test.each([
  ['7001', 'Анна Петрова', 'А••• П•••'],
  ['7001', '😀 Anna', 'A•••'],
  ['+79001234567', undefined, '+7•••67'],
  ['anna.petrova@bank.example', undefined, 'a•••@bank.example'],
  ['123456789012', undefined, undefined],
  ['a3f5', '', undefined],
])('of %s, %s a stranger learns no more than %s', (user, name, masked) => {
  expect(maskedContact(user, name)).toBe(masked);
});
