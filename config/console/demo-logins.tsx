import { Button } from '@mantine/core';
import { useState } from 'react';
import { problemText } from '../../gateway/web/problem-text.ts';
import type { DemoLogins as Demo } from '../../gateway/web/session.ts';
import { kitTexts } from '../../gateway/web/texts/kit.ts';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import styles from './sign-in.module.css';
import { consoleTexts } from './texts/console.ts';

/** The logins of the demo, one press each. */
export function DemoLogins({ demo, enter }: DemoLoginsProps) {
  const texts = useTexts(consoleTexts);
  const kit = useTexts(kitTexts);
  const [busy, setBusy] = useState<string | undefined>();
  const [failure, setFailure] = useState<unknown>();
  const press = async (email: string) => {
    setBusy(email);
    setFailure(undefined);
    try {
      await enter(email, demo.password);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <section className={styles.demo}>
      <p className={styles.demoText}>{texts.t('signIn.demo')}</p>
      <div className={styles.logins}>
        {demo.logins.map(({ email, name, roles }) => (
          <Button
            key={email}
            className={styles.login}
            variant="default"
            justify="flex-start"
            h="auto"
            loading={busy === email}
            onClick={() => void press(email)}
          >
            <span className={styles.loginLines}>
              <span>
                {name} · {roles.map((role) => texts.t(`role.${role}`)).join(', ')}
              </span>
              <span className={styles.email}>{email}</span>
            </span>
          </Button>
        ))}
      </div>
      {failure !== undefined && (
        <p className={styles.error} role="alert">
          {problemText(failure, kit)}
        </p>
      )}
    </section>
  );
}

interface DemoLoginsProps {
  readonly demo: Demo;
  readonly enter: (email: string, password: string) => Promise<void>;
}
