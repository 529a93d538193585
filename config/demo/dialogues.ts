import type { Inbound } from '../../gateway/connectors/inbound.ts';
import type { Hub } from '../../gateway/hub.ts';
import type { ChannelId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import { people } from './people.ts';

interface Dialogue {
  /** A client of the demo bank; undefined: somebody who has not said who they are. */
  readonly customer?: string;
  readonly locale: 'ru' | 'en';
  /** What the client says, one after another; the real bot answers. */
  readonly says: readonly string[];
}

const DIALOGUES: readonly Dialogue[] = [
  {
    customer: 'demo-anna',
    locale: 'ru',
    says: [
      'Добрый день, сколько у меня на накопительном?',
      'спасибо',
      'переведи 1500 Игорю с накопительного',
      'да',
    ],
  },
  {
    customer: 'demo-igor',
    locale: 'ru',
    says: ['какой сегодня курс евро?', 'а доллара?', 'Хочу обсудить ипотеку, позовите сотрудника'],
  },
  {
    customer: 'demo-rustam',
    locale: 'ru',
    says: ['Мне пришло списание 12 400 рублей в магазине, это не я платил'],
  },
  {
    customer: 'demo-elena',
    locale: 'ru',
    says: [
      'здравствуйте',
      'мне нужна справка для визы с печатью',
      'справка по форме посольства',
      'ну справка же',
    ],
  },
  { customer: 'demo-emma', locale: 'en', says: ["Hi, what's my balance?", 'checking', 'thanks'] },
  {
    customer: 'demo-james',
    locale: 'en',
    says: ['send 250 to Priya', 'from savings', 'actually make it 300', 'I would rather talk to a person'],
  },
  { locale: 'ru', says: ['где ближайшее отделение?'] },
];

const CHANNEL = 'webchat' as ChannelId;
const ANSWER_LIMIT_MS = 10_000;

/**
 * Fills an empty demo with dialogues, so that the first look at the desk shows something: invented clients write
 * through the same way in as everybody, and the real bot answers. Does nothing where there are conversations.
 */
export async function playDialogues(hub: Hub, db: Database): Promise<void> {
  const { rowCount } = await db.query('select from conversation limit 1');
  if (rowCount !== 0 || !hub.connectors.has(CHANNEL)) return;
  for (const [number, dialogue] of DIALOGUES.entries()) {
    for (const [line, text] of dialogue.says.entries()) {
      await hub.receive(
        CHANNEL,
        {},
        { authentic: true, inbound: [inboundOf(dialogue, `demo-${number}`, line, text)] },
      );
      await answered(db);
    }
  }
}

function inboundOf({ customer, locale }: Dialogue, visitor: string, line: number, text: string): Inbound {
  const person = people.find((one) => one.customer === customer);
  const proof = { evidence: 'bank-authenticated', customer: customer ?? '', how: 'demo' } as const;
  return {
    type: 'message',
    dedupeKey: `${visitor}:${line}`,
    sender: {
      externalUser: visitor,
      externalThread: visitor,
      locale,
      name: person?.name,
      proof: customer ? proof : undefined,
    },
    content: [{ kind: 'text', text }],
  };
}

/** Waits until the bot has nothing left to do: no turn is due and no call is under way. */
async function answered(db: Database): Promise<void> {
  const until = Date.now() + ANSWER_LIMIT_MS;
  for (;;) {
    const { rows } = await db.query<{ busy: boolean }>(
      `select exists (select from due_turn) or exists (select from action where state in ('requested', 'started')) as busy`,
    );
    if (!rows[0]?.busy || Date.now() > until) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
