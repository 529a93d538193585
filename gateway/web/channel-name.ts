import type { kitTexts } from './texts/kit.ts';
import type { TextsOf } from './texts.ts';

/** The name of a channel; an id that we have no name for stands as it is. */
export function channelName(texts: Pick<TextsOf<typeof kitTexts>, 'find'>, channel: string): string {
  return texts.find(`channel.${channel}`) ?? channel;
}
