import { defineTexts } from '../../texts.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

/** Texts of the page of channels. */
export const channelTexts = defineTexts('channels', ru, en);
