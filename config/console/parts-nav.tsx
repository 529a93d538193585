import { IconMessages, IconPlugConnected, IconSchool, IconTruckDelivery } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import type { Session } from '../../gateway/access/api.ts';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import styles from './rail.module.css';
import { consoleTexts } from './texts/console.ts';

const PARTS = [
  { part: 'desk', to: '/desk', needs: 'desk.read', Icon: IconMessages },
  { part: 'ledger', to: '/ledger', needs: 'ledger.read', Icon: IconTruckDelivery },
  { part: 'training', to: '/training', needs: 'training.edit', Icon: IconSchool },
  { part: 'channels', to: '/channels', needs: 'ledger.read', Icon: IconPlugConnected },
] as const;
type Part = (typeof PARTS)[number]['part'];

/** The part of the window that the address names; the desk where it names none. */
export function usePart(): Part {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    PARTS.find(({ to }) => to !== '/desk' && path.replace(/^\/window/, '').startsWith(to))?.part ?? 'desk'
  );
}

/** The parts of the window that a person may see. */
export function partsOf({ permissions }: Session): readonly (typeof PARTS)[number][] {
  return PARTS.filter(({ needs }) => permissions.includes(needs));
}

/** The address of the first part that a person may see; the desk where there is none. */
export function firstPartOf(session: Session): (typeof PARTS)[number]['to'] {
  return partsOf(session)[0]?.to ?? '/desk';
}

/** The parts of the window that this person may see, where there are several. */
export function PartsNav({ session }: { readonly session: Session }) {
  const texts = useTexts(consoleTexts);
  const current = usePart();
  const parts = partsOf(session);
  if (parts.length < 2) return null;
  return (
    <nav className={styles.parts} aria-label={texts.t('rail.parts')}>
      {parts.map(({ part, to, Icon }) => (
        <Link
          key={part}
          to={to}
          className={styles.button}
          aria-current={part === current ? 'page' : undefined}
        >
          <Icon size={20} stroke={1.6} aria-hidden />
          <span>{texts.t(`part.${part}`)}</span>
        </Link>
      ))}
    </nav>
  );
}
