import { z } from 'zod';
import type { FakeTelegram } from './telegram.ts';

const chat = z.int();
const say = z.object({
  chat,
  text: z.string(),
  firstName: z.string().optional(),
  language: z.string().optional(),
});
const press = z.object({ chat, button: z.string() });
const status = z.int().min(300).max(599);
const rule = z.object({
  method: z.string(),
  chat: chat.optional(),
  times: z.int().positive().optional(),
  fault: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('too-many'), retryAfter: z.number().nonnegative() }),
    z.object({ kind: z.literal('refuse'), status, description: z.string() }),
    z.object({ kind: z.literal('proxy-error'), status }),
    z.object({ kind: z.enum(['cut-before', 'cut-after', 'truncated', 'garbage']) }),
    z.object({ kind: z.literal('slow'), ms: z.number().nonnegative() }),
  ]),
});

/** The side for people and scripts outside: plays a Telegram client, and shows what the bot said. */
export function answerControl(
  fake: FakeTelegram,
  method: string,
  path: string,
  body: string,
): { readonly status: number; readonly value: unknown } {
  try {
    const [, , what, id] = path.split('/');
    if (method === 'GET' && what === 'chat') return { status: 200, value: showChat(fake, Number(id)) };
    if (method === 'GET' && what === 'chats')
      return { status: 200, value: fake.chats.list().map((one) => one.id) };
    const given: unknown = JSON.parse(body || '{}');
    if (method === 'POST' && what === 'say') {
      const said = say.parse(given);
      return { status: 200, value: { update_id: fake.say(said.chat, said.text, said).update_id } };
    }
    if (method === 'POST' && what === 'press') {
      const pressed = press.parse(given);
      return { status: 200, value: { update_id: fake.press(pressed.chat, pressed.button).update_id } };
    }
    if (method === 'POST' && what === 'update') {
      const update = z.record(z.string(), z.unknown()).parse(given);
      return { status: 200, value: { update_id: fake.push(update).update_id } };
    }
    if (method === 'POST' && what === 'fault') {
      fake.fault(rule.parse(given));
      return { status: 200, value: {} };
    }
    return { status: 404, value: { error: `${method} ${path} is not known` } };
  } catch (error) {
    return { status: 400, value: { error: error instanceof Error ? error.message : String(error) } };
  }
}

function showChat(fake: FakeTelegram, id: number): unknown {
  const found = fake.chats.find(id);
  return { messages: found?.messages ?? [], actions: found?.actions ?? [] };
}
