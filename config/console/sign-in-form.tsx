import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { durationText } from '../../gateway/web/dates.ts';
import { Problem } from '../../gateway/web/problem.ts';
import { problemText } from '../../gateway/web/problem-text.ts';
import { kitTexts } from '../../gateway/web/texts/kit.ts';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import styles from './sign-in.module.css';
import { consoleTexts } from './texts/console.ts';

/** E-mail and password. What went wrong is said above the button, and the password stays to be corrected. */
export function SignInForm({
  enter,
}: {
  readonly enter: (email: string, password: string) => Promise<void>;
}) {
  const texts = useTexts(consoleTexts);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [isShown, setShown] = useState(false);
  const { isBusy, message, submit } = useSignIn(enter);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(email.trim(), password);
  };
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <TextInput
        label={texts.t('signIn.email')}
        type="email"
        name="email"
        autoComplete="username"
        required
        withAsterisk={false}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={texts.t('signIn.password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        visible={isShown}
        onVisibilityChange={setShown}
        visibilityToggleButtonProps={{
          'aria-label': texts.t(isShown ? 'signIn.hidePassword' : 'signIn.showPassword'),
          tabIndex: 0,
        }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <p className={styles.error} role="alert">
        {message}
      </p>
      <Button type="submit" loading={isBusy} fullWidth>
        {texts.t('signIn.submit')}
      </Button>
    </form>
  );
}

function useSignIn(enter: (email: string, password: string) => Promise<void>) {
  const texts = useTexts(consoleTexts);
  const kit = useTexts(kitTexts);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const submit = async (email: string, password: string) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await enter(email, password);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const message = (() => {
    if (failure === undefined) return '';
    if (!(failure instanceof Problem) || failure.code !== 'too-many-attempts')
      return problemText(failure, kit);
    const time = failure.retryAfterMs && durationText(failure.retryAfterMs, texts.locale);
    return time ? texts.t('signIn.wait', { time }) : texts.t('signIn.waitShort');
  })();
  return { isBusy, message, submit };
}
