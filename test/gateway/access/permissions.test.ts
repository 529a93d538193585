import { expect, test } from 'vitest';
import type { Permission } from '../../../gateway/access/api.ts';
import { permissionsOf, rolesWith } from '../../../gateway/access/permissions.ts';

const may = (permission: Permission) => rolesWith(permission);

test('only those who answer clients may answer, and only an admin manages users', () => {
  expect(may('desk.read')).toEqual(['operator', 'supervisor', 'compliance', 'admin']);
  expect(may('desk.answer')).toEqual(['operator', 'supervisor', 'admin']);
  expect(may('desk.supervise')).toEqual(['supervisor', 'admin']);
  expect(may('users.manage')).toEqual(['admin']);
});

test('no operator decides on dead letters, and what networks sent is for those who answer for it', () => {
  expect(may('ledger.read')).toEqual(['supervisor', 'compliance', 'admin']);
  expect(may('ledger.decide')).toEqual(['supervisor', 'admin']);
  expect(may('ledger.raw')).toEqual(['compliance', 'admin']);
});

test('several roles add up, and no role allows nothing', () => {
  expect(permissionsOf(['marketer', 'compliance'])).toEqual(
    new Set(['desk.read', 'ledger.read', 'ledger.raw']),
  );
  expect(permissionsOf([])).toEqual(new Set());
});

test('only a script admin or an admin teaches the bot', () => {
  expect(may('training.edit')).toEqual(['script-admin', 'admin']);
});
