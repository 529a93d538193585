import { Anchor } from '@mantine/core';
import type { Session } from '../../gateway/access/api.ts';
import { rolesWith } from '../../gateway/access/permissions.ts';
import { EmptyState } from '../../gateway/web/states.tsx';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import { partsOf } from './parts-nav.tsx';
import { consoleTexts } from './texts/console.ts';

/** The desk for who may not see conversations: what their role does here and where, and whom to ask. */
export function NoDesk({ session }: { readonly session: Session }) {
  const texts = useTexts(consoleTexts);
  const list = new Intl.ListFormat(texts.locale);
  const own = list.format(session.user.roles.map((role) => texts.t(`role.${role}`)));
  const readers = list.format(rolesWith('desk.read').map((role) => texts.t(`role.${role}`)));
  const parts = partsOf(session);
  const isMarketer = session.user.roles.includes('marketer');
  return (
    <>
      <h1 className="unseen">Okno</h1>
      <EmptyState title={texts.t(parts.length > 0 ? 'page.noDesk' : 'page.noPart')}>
        <p>{texts.t('page.yourRole', { roles: own })}</p>
        {parts.length > 0 && (
          <p>
            {texts.t('page.yourParts')}{' '}
            {parts.map(({ part, to }, index) => (
              <span key={part}>
                {index > 0 && ', '}
                <Anchor href={`/window${to}`}>{texts.t(`part.${part}`)}</Anchor>
              </span>
            ))}
          </p>
        )}
        {isMarketer && <p>{texts.t('page.marketer')}</p>}
        <p>{texts.t('page.profile')}</p>
        <p>{texts.t('page.readers', { roles: readers })}</p>
      </EmptyState>
    </>
  );
}
