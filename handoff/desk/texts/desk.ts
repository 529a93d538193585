import { defineTexts } from '../../../gateway/web/texts.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

/** Texts of the desk. */
export const deskTexts = defineTexts('desk', ru, en);
