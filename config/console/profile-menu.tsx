import { Button, UnstyledButton } from '@mantine/core';
import { IconKeyboard, IconLogout } from '@tabler/icons-react';
import { useId } from 'react';
import type { Session } from '../../gateway/access/api.ts';
import { useOpenCommands } from '../../gateway/web/commands/commands.tsx';
import { problemText } from '../../gateway/web/problem-text.ts';
import { kitTexts } from '../../gateway/web/texts/kit.ts';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import { LanguageSwitch, ThemeSwitch } from './preferences.tsx';
import styles from './rail.module.css';
import { consoleTexts } from './texts/console.ts';
import { useSignOut } from './use-sign-out.ts';

/** Who is signed in, the language and look of the window, the keys, and the way out. */
export function ProfileMenu({ session }: { readonly session: Session }) {
  const texts = useTexts(consoleTexts);
  const menuId = useId();
  const { name, email, roles } = session.user;
  const hide = () => document.getElementById(menuId)?.hidePopover();
  return (
    <>
      <UnstyledButton className={styles.button} popoverTarget={menuId} title={name}>
        <span className={styles.initials} aria-hidden>
          {initials(name)}
        </span>
        <span>{texts.t('rail.me')}</span>
      </UnstyledButton>
      <div
        id={menuId}
        popover="auto"
        role="dialog"
        aria-label={texts.t('menu.title')}
        className={styles.menu}
      >
        <div className={styles.person}>
          <bdi className={styles.personName}>{name}</bdi>
          <span className={styles.dim}>{email}</span>
          <span className={styles.dim}>{roles.map((role) => texts.t(`role.${role}`)).join(', ')}</span>
        </div>
        <LanguageSwitch />
        <ThemeSwitch />
        <MenuActions onLeave={hide} />
      </div>
    </>
  );
}

function MenuActions({ onLeave }: { readonly onLeave: () => void }) {
  const texts = useTexts(consoleTexts);
  const kit = useTexts(kitTexts);
  const open = useOpenCommands();
  const { leave, failure } = useSignOut();
  return (
    <>
      <div className={styles.actions}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconKeyboard size={16} aria-hidden />}
          onClick={() => {
            onLeave();
            open('sheet');
          }}
        >
          {texts.t('menu.shortcuts')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => void leave()}
        >
          {texts.t('menu.signOut')}
        </Button>
      </div>
      {failure !== undefined && <p role="alert">{problemText(failure, kit)}</p>}
    </>
  );
}

/** The first letters of the first two words of a name. */
function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => word !== '');
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toLocaleUpperCase() ?? '')
    .join('');
}
