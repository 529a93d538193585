import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { i18n } from 'i18next';
import { useState } from 'react';
import { createApiClient } from '../../gateway/web/api-client.ts';
import { CommandsProvider } from '../../gateway/web/commands/commands.tsx';
import { theme, themeVariables } from '../../gateway/web/theme.ts';
import { TextsProvider } from '../../gateway/web/use-texts.tsx';
import { createWindowRouter } from './routes.tsx';
import { forgetSession } from './session-query.ts';

const colorScheme = localStorageColorSchemeManager({ key: 'okno.theme' });

/** An answer that takes longer than this counts as lost, milliseconds. */
const TIMEOUT_MS = 20_000;

/** The staff's web application. */
export function App({ texts }: { readonly texts: i18n }) {
  const [{ queries, router }] = useState(() => createWindow(texts));
  return (
    <TextsProvider i18n={texts}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={themeVariables}
        colorSchemeManager={colorScheme}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={queries}>
          <CommandsProvider>
            <RouterProvider router={router} />
          </CommandsProvider>
        </QueryClientProvider>
      </MantineProvider>
    </TextsProvider>
  );
}

function createWindow(texts: i18n) {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        // The desk's live connection says when something changed; a failure is shown with a button at once.
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // The browser may think that it is offline while the hub on the same machine answers.
        networkMode: 'always',
      },
    },
  });
  const api = createApiClient({
    fetch: (input, init) => window.fetch(input, init),
    locale: () => texts.language,
    onSignedOut: () => {
      forgetSession(queries);
      void router.invalidate();
    },
    timeoutMs: TIMEOUT_MS,
  });
  const router = createWindowRouter({ api, queries });
  return { queries, router };
}
