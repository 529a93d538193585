import { defineTexts } from '../../texts.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

/** Texts of the page of dead letters and the quarantine. */
export const ledgerTexts = defineTexts('ledger', ru, en);
