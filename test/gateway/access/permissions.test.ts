import { expect, test } from 'vitest';
import { ROLES } from '../../../gateway/access/api.ts';
import { permissionsOf } from '../../../gateway/access/permissions.ts';

test('only those who answer clients may answer, and only an admin manages users', () => {
  const may = (permission: 'desk.read' | 'desk.answer' | 'users.manage') =>
    ROLES.filter((role) => permissionsOf([role]).has(permission));
  expect(may('desk.read')).toEqual(['operator', 'supervisor', 'compliance', 'admin']);
  expect(may('desk.answer')).toEqual(['operator', 'supervisor', 'admin']);
  expect(may('users.manage')).toEqual(['admin']);
});

test('several roles add up, and no role allows nothing', () => {
  expect(permissionsOf(['marketer', 'compliance'])).toEqual(new Set(['desk.read']));
  expect(permissionsOf([])).toEqual(new Set());
});
