import type { Permission } from '../../gateway/access/api.ts';
import { rolesWith } from '../../gateway/access/permissions.ts';
import { EmptyState } from '../../gateway/web/states.tsx';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import { consoleTexts } from './texts/console.ts';

/** A part of the window for others: who sees it, and whom to ask. Trying again would not help. */
export function NoRight({ needs }: { readonly needs: Permission }) {
  const texts = useTexts(consoleTexts);
  const roles = new Intl.ListFormat(texts.locale).format(
    rolesWith(needs).map((role) => texts.t(`role.${role}`)),
  );
  return (
    <EmptyState title={texts.t('page.noRight')}>
      <p>{texts.t('page.noRight.hint', { roles })}</p>
    </EmptyState>
  );
}
