import { UnstyledButton } from '@mantine/core';
import { IconCommand } from '@tabler/icons-react';
import type { Session } from '../../gateway/access/api.ts';
import { useOpenCommands } from '../../gateway/web/commands/commands.tsx';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import { ViewsNav } from '../../handoff/desk/list/views-nav.tsx';
import { PartsNav, usePart } from './parts-nav.tsx';
import { ProfileMenu } from './profile-menu.tsx';
import styles from './rail.module.css';
import { consoleTexts } from './texts/console.ts';
import { useWindowCommands } from './use-window-commands.ts';

/** The narrow column at the edge: the views of the desk where they have no column, the palette, the person. */
export function Rail({ session }: { readonly session: Session }) {
  const texts = useTexts(consoleTexts);
  const open = useOpenCommands();
  const part = usePart();
  useWindowCommands();
  return (
    <header className={styles.rail}>
      <img className={styles.mark} src={markUrl} alt="Okno" width={28} height={28} />
      {part === 'desk' && session.permissions.includes('desk.read') && <ViewsNav shape="rail" />}
      <PartsNav session={session} />
      <div className={styles.end}>
        <UnstyledButton
          className={styles.button}
          title={texts.t('rail.commands.full')}
          onClick={() => open('palette')}
        >
          <IconCommand size={20} stroke={1.6} aria-hidden />
          <span>{texts.t('rail.commands')}</span>
        </UnstyledButton>
        <ProfileMenu session={session} />
      </div>
    </header>
  );
}

const markUrl = new URL('./icon.svg', import.meta.url).href;
