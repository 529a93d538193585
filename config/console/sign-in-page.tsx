import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouteContext, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { readDemoLogins, signIn } from '../../gateway/web/session.ts';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import { DemoLogins } from './demo-logins.tsx';
import { ownAddress } from './own-address.ts';
import { LanguageSwitch, ThemeSwitch } from './preferences.tsx';
import { rememberSession } from './session-query.ts';
import styles from './sign-in.module.css';
import { SignInForm } from './sign-in-form.tsx';
import { consoleTexts } from './texts/console.ts';

/** Where staff sign in; while the demo is on its logins are a press away. */
export function SignInPage() {
  const texts = useTexts(consoleTexts);
  const { api } = useRouteContext({ from: '/sign-in' });
  const { next } = useSearch({ from: '/sign-in' });
  const queries = useQueryClient();
  const router = useRouter();
  const demo = useQuery({ queryKey: ['demo'], queryFn: () => readDemoLogins(api) });
  const title = texts.t('signIn.title');
  useEffect(() => {
    document.title = `${title} · Okno`;
    document.documentElement.lang = texts.locale;
  }, [title, texts.locale]);
  const enter = async (email: string, password: string) => {
    rememberSession(queries, await signIn(api, email, password));
    await router.navigate({ href: ownAddress(next) });
  };
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.head}>
          <img src={markUrl} alt="" width={32} height={32} />
          <span className={styles.brand}>Okno</span>
          <LanguageSwitch bare />
        </div>
        <h1 className={styles.title}>{title}</h1>
        <SignInForm enter={enter} />
        {demo.data && <DemoLogins demo={demo.data} enter={enter} />}
        <div className={styles.preferences}>
          <ThemeSwitch />
        </div>
      </div>
    </main>
  );
}

const markUrl = new URL('./icon.svg', import.meta.url).href;
