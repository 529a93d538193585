import type { Texts } from '../texts.ts';

/** Why something was kept apart, in words; the hub's own code where it has none. What follows the code, such as the type of an update, is the network's word. */
export function quarantineReason(reason: string, texts: Pick<Texts<never>, 'find'>): string {
  const [code = '', ...rest] = reason.split(' ');
  const words = texts.find(`reason.${code}`);
  if (words === undefined) return reason;
  return rest.length > 0 ? `${words}: ${rest.join(' ')}` : words;
}
