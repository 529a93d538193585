import { type Permission, ROLES, type Role } from './api.ts';

const GRANTS = {
  operator: ['desk.read', 'desk.answer'],
  supervisor: ['desk.read', 'desk.answer', 'desk.supervise', 'ledger.read', 'ledger.decide'],
  admin: [
    'desk.read',
    'desk.answer',
    'desk.supervise',
    'users.manage',
    'ledger.read',
    'ledger.decide',
    'ledger.raw',
    'channels.test',
    'training.edit',
  ],
  compliance: ['desk.read', 'ledger.read', 'ledger.raw'],
  'script-admin': ['training.edit'],
  marketer: [],
} as const satisfies Record<Role, readonly Permission[]>;

/** The roles that may do it. */
export function rolesWith(permission: Permission): readonly Role[] {
  return ROLES.filter((role) => permissionsOf([role]).has(permission));
}

/** All that these roles together may do. */
export function permissionsOf(roles: readonly Role[]): ReadonlySet<Permission> {
  return new Set(roles.flatMap((role): readonly Permission[] => GRANTS[role]));
}
