/** Which rules of contact apply. */
export type PolicyPack = 'neutral' | 'ru-bank';

/**
 * Whether a pack lets clients be spoken with through networks under that law. A bank of Russia may not use messengers
 * of foreign owners towards clients (Federal Law 41-FZ of 1 April 2025, in force since 1 June 2025), nor send personal
 * data, payments or accounts through them (149-FZ, article 10, part 8); the list of Roskomnadzor names Telegram and
 * WhatsApp. The pack takes every network whose servers are abroad for one.
 */
export function allowsNetwork(pack: PolicyPack, jurisdiction: 'own' | 'ru' | 'foreign'): boolean {
  return pack !== 'ru-bank' || jurisdiction !== 'foreign';
}
