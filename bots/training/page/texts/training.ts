import { defineTexts } from '../../../../gateway/web/texts.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

/** Texts of the page where the bot is taught. */
export const trainingTexts = defineTexts('training', ru, en);
