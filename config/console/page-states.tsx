import { Anchor } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { EmptyState, FailedState } from '../../gateway/web/states.tsx';
import { kitTexts } from '../../gateway/web/texts/kit.ts';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import { consoleTexts } from './texts/console.ts';

/** The window before it knows who is signed in. */
export function PagePending() {
  const texts = useTexts(kitTexts);
  return (
    <p className="unseen" role="status">
      {texts.t('loading')}
    </p>
  );
}

/** The window where the hub did not answer, or the page itself broke. */
export function PageFailed({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const texts = useTexts(consoleTexts);
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main>
      <h1 className="unseen">Okno</h1>
      <FailedState title={texts.t('page.failed')} error={error} onRetry={retry} />
    </main>
  );
}

/** An address that leads nowhere. */
export function PageMissing() {
  const texts = useTexts(consoleTexts);
  return (
    <main>
      <h1 className="unseen">Okno</h1>
      <EmptyState title={texts.t('page.missing')}>
        <p>{texts.t('page.missing.hint')}</p>
        <Anchor href="/window/desk">{texts.t('page.toDesk')}</Anchor>
      </EmptyState>
    </main>
  );
}
