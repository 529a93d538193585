import { defineTexts } from '../texts.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

/** Texts of the browser kit. */
export const kitTexts = defineTexts('kit', ru, en);
