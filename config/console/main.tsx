import './zod-without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { trainingTexts } from '../../bots/training/page/texts/training.ts';
import { channelTexts } from '../../gateway/web/channels/texts/channels.ts';
import { ledgerTexts } from '../../gateway/web/ledger/texts/ledger.ts';
import { kitTexts } from '../../gateway/web/texts/kit.ts';
import { createTexts } from '../../gateway/web/texts.ts';
import { deskTexts } from '../../handoff/desk/texts/desk.ts';
import { App } from './app.tsx';
import { readLocale } from './locale.ts';
import { consoleTexts } from './texts/console.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root');

const texts = await createTexts(readLocale(window.localStorage), [
  kitTexts,
  deskTexts,
  ledgerTexts,
  channelTexts,
  trainingTexts,
  consoleTexts,
]);
createRoot(root).render(
  <StrictMode>
    <App texts={texts} />
  </StrictMode>,
);
