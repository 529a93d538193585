import { setTimeout as sleep } from 'node:timers/promises';
import { type DeskOperator, signIn } from '../fixtures/operator.ts';
import { query } from '../fixtures/postgres-server.ts';
import { createWebhookIntake, type Intake } from './intake.ts';
import { createRandom } from './random.ts';
import { observed, type Report, report } from './report.ts';
import { type Stack, startStack } from './stack.ts';
import { settled } from './stored.ts';
import { crashesOf, stopAll } from './storm.ts';
import { answerTo } from './verdict.ts';

export interface HandoffsOptions {
  readonly nodes: number;
  readonly chats: number;
  readonly seed: number;
  readonly program?: string;
}

const RETRY_AFTER_S = 1;
/** The network refuses the bot's answer after this time: the operator takes the conversation meanwhile. */
const REFUSED_AFTER_MS = 2_500;
/** Conversations at once: each must be taken in that time. */
const AT_ONCE = 8;
/** By then a refused answer would have been sent again. */
const SENT_AGAIN_BY_MS = REFUSED_AFTER_MS + RETRY_AFTER_S * 1_000 + 2_500;
const SETTLE_LIMIT_MS = 60_000;
const LOOK_EACH_MS = 10;
const ATTEMPT_LIMIT_MS = 30_000;

/**
 * An operator takes a conversation while the bot's answer is under way and about to be refused for the moment: it must
 * not be sent again. The client writes on, the operator gives the conversation back, and the bot answers again.
 */
export async function handoffs({ nodes, chats: count, seed, program }: HandoffsOptions): Promise<Report> {
  const random = createRandom(seed);
  const stack = await startStack({ nodes, webhook: true, program });
  try {
    const intake = createWebhookIntake({
      telegram: stack.telegram,
      urls: stack.webhooks(),
      secret: stack.secret,
      random,
    });
    const operator = await signIn(stack.nodes[0].url);
    const said = new Map<number, string[]>();
    const chats = Array.from({ length: count }, (_, index) => 5_000 + index);
    const overtaken: number[] = [];
    for (let first = 0; first < count; first += AT_ONCE) {
      await Promise.all(
        chats.slice(first, first + AT_ONCE).map(async (chat) => {
          const say = async (text: string) => {
            await intake.say(chat, text, false);
            said.set(chat, [...(said.get(chat) ?? []), text]);
          };
          if (await takenMeanwhile(stack, operator, chat, say)) overtaken.push(chat);
        }),
      );
    }
    await sleep(SENT_AGAIN_BY_MS);
    const sentAgain = overtaken.filter((chat) => stack.telegram.saidTo(chat).includes(answerTo('before')));
    await giveBack(stack, operator, chats, intake, said);
    const left = await settled(stack.postgres.url, SETTLE_LIMIT_MS);
    const counts = await observed(stack, said, false);
    const answeredAgain = chats.filter((chat) => stack.telegram.saidTo(chat).includes(answerTo('after')));
    return report(`handoffs while an answer is under way, ${nodes} node${nodes > 1 ? 's' : ''}`, {
      did: {
        conversations: count,
        takenWhileUnderWay: overtaken.length,
        answeredAgain: answeredAgain.length,
      },
      left,
      counts,
      answers: intake.answers,
      exits: await stopAll(stack),
      verified: await stack.verify(),
      more: [
        ...crashesOf(stack),
        ...(overtaken.length === 0 ? ['no handoff came while an answer was under way'] : []),
        ...(sentAgain.length > 0
          ? [`the bot's answer was sent after the handoff in ${sentAgain.length} conversations`]
          : []),
        ...(answeredAgain.length < count
          ? [`the bot did not answer in ${count - answeredAgain.length} conversations given back`]
          : []),
      ],
    });
  } finally {
    await stack.stop();
  }
}

/** Resolves to whether the operator had the conversation before the network refused the bot's answer. */
async function takenMeanwhile(
  { telegram, postgres }: Stack,
  operator: DeskOperator,
  chat: number,
  say: (text: string) => Promise<void>,
): Promise<boolean> {
  telegram.fault({
    method: 'sendMessage',
    chat,
    fault: { kind: 'too-many', retryAfter: RETRY_AFTER_S, ms: REFUSED_AFTER_MS },
  });
  await say('before');
  const underWay = () =>
    telegram.requests.find(
      ({ method, parameters }) => method === 'sendMessage' && Number(parameters.chat_id) === chat,
    );
  const until = Date.now() + ATTEMPT_LIMIT_MS;
  while (!underWay()) {
    if (Date.now() > until) throw new Error(`no answer was attempted in chat ${chat}`);
    await sleep(LOOK_EACH_MS);
  }
  const { status } = await operator.act('take', await rowOf(postgres.url, chat));
  const isInTime = status === 200 && Date.now() < (underWay()?.at ?? 0) + REFUSED_AFTER_MS;
  await say('while a person has it');
  return isInTime;
}

async function giveBack(
  stack: Stack,
  operator: DeskOperator,
  chats: readonly number[],
  intake: Intake,
  said: Map<number, string[]>,
): Promise<void> {
  for (const chat of chats) {
    await operator.act('return', await rowOf(stack.postgres.url, chat));
    await intake.say(chat, 'after', false);
    said.get(chat)?.push('after');
  }
}

async function rowOf(url: string, chat: number): Promise<{ id: string; epoch: number }> {
  const [row] = await query<{ id: string; epoch: number }>(
    url,
    `select c.id, c.epoch from conversation c join thread t on t.id = c.thread
     where t.external_thread = '${chat}' and c.status = 'open'`,
  );
  if (!row) throw new Error(`chat ${chat} has no conversation`);
  return row;
}
