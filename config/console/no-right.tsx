import { Anchor } from '@mantine/core';
import type { Permission, Session } from '../../gateway/access/api.ts';
import { rolesWith } from '../../gateway/access/permissions.ts';
import { EmptyState } from '../../gateway/web/states.tsx';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import { consoleTexts } from './texts/console.ts';

interface NoRightProps {
  readonly session: Session;
  readonly needs: Permission;
}

/** A part of the window for others: who sees it, and whom to ask. Trying again would not help. */
export function NoRight({ session, needs }: NoRightProps) {
  const texts = useTexts(consoleTexts);
  const roles = new Intl.ListFormat(texts.locale).format(
    rolesWith(needs).map((role) => texts.t(`role.${role}`)),
  );
  return (
    <>
      <h1 className="unseen">Okno</h1>
      <EmptyState title={texts.t('page.noRight')}>
        <p>{texts.t('page.noRight.hint', { roles })}</p>
        {session.permissions.includes('desk.read') && (
          <Anchor href="/window/desk">{texts.t('page.toDesk')}</Anchor>
        )}
      </EmptyState>
    </>
  );
}
