import { defineTexts } from '../../../gateway/web/texts.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

/** Texts of the shell around the parts of the window. */
export const consoleTexts = defineTexts('console', ru, en);
