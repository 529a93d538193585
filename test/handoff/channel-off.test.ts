import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConversationRow } from '../../handoff/api.ts';
import { codeOf, type DeskHub, type Person, startDeskHub } from './desk-hub.ts';

/** What the desk does with a conversation whose channel is off. */

let hub: DeskHub;
let olga: Person;
/** Of this test alone. */
let client: string;
let row: ConversationRow;
let clients = 0;

beforeAll(async () => {
  hub = await startDeskHub();
  olga = await hub.person('Olga', 'operator');
});
afterAll(() => hub.close());
beforeEach(async () => {
  clients += 1;
  client = `client ${clients}`;
  row = await hub.waiting(client);
  expect((await olga.act('take', row)).statusCode).toBe(200);
});
afterEach(() => {
  hub.off.clear();
  hub.offByPolicy.clear();
});

const logOf = async () => (await olga.read(row.id)).filter(({ type }) => type === 'message').length;

describe('where the client has no other channel', () => {
  test('the conversation says why, and nothing is taken that would wait for ever', async () => {
    expect(await olga.open(row.id)).not.toHaveProperty('channelOff');
    const before = await logOf();
    hub.off.add('scripted');
    expect((await olga.open(row.id)).channelOff).toEqual({ why: 'not-configured' });
    hub.offByPolicy.add('scripted');
    expect((await olga.open(row.id)).channelOff).toEqual({ why: 'policy' });
    expect(codeOf(await olga.say(row.id, 'Здравствуйте'))).toEqual([409, 'channel-off']);
    const { epoch } = await olga.open(row.id);
    const moving = await olga.post(`/conversations/${row.id}/move`, { epoch, to: 'other' });
    expect(codeOf(moving)).toEqual([409, 'channel-off']);
    const template = { name: 'hello', language: 'ru', parameters: [] };
    const templated = await olga.post(`/conversations/${row.id}/messages`, { id: 'one', template });
    expect(codeOf(templated)).toEqual([409, 'channel-off']);
    expect(await logOf()).toBe(before);
  });

  test('what was said before stays said, notes are kept, and answers go out when it is on again', async () => {
    expect((await olga.say(row.id, 'Минуту', 'before')).statusCode).toBe(200);
    hub.off.add('scripted');
    expect((await olga.say(row.id, 'Минуту', 'before')).statusCode).toBe(200);
    const said = (await olga.read(row.id)).findLast(({ type }) => type === 'message');
    const edit = { id: 'edit', text: 'Две минуты' };
    const edited = await olga.post(`/conversations/${row.id}/messages/${said?.seq}/edit`, edit);
    expect(codeOf(edited)).toEqual([409, 'message-channel-off']);
    expect(edited.json().title).toMatch(/выключен|is off/);
    const note = await olga.post(`/conversations/${row.id}/notes`, { id: 'note', text: 'позвонить' });
    expect(note.statusCode).toBe(200);
    hub.off.clear();
    expect((await olga.say(row.id, 'Готово')).statusCode).toBe(200);
    await hub.until(async () => hub.network.textsTo(client).includes('Готово'));
  });
});

describe('where the client wrote elsewhere too', () => {
  test('answers go there, and the conversation says so', async () => {
    await hub.writesElsewhere(client, 'и здесь');
    await hub.clientSays(client, 'снова тут');
    hub.off.add('scripted');
    const opened = await olga.open(row.id);
    expect(opened.channel).toBe('scripted');
    expect(opened.channelOff).toEqual({ why: 'not-configured', repliesGoTo: 'other' });
    expect((await olga.say(row.id, 'Отвечаю')).statusCode).toBe(200);
    await hub.until(async () => hub.network.textsTo(`${client} elsewhere`).includes('Отвечаю'));
    expect(hub.network.textsTo(client)).not.toContain('Отвечаю');
    const move = await olga.get(`/conversations/${row.id}/move`);
    expect(move.json().channels.map(({ channel }: { channel: string }) => channel)).toEqual(['scripted']);
  });

  test('a place that proved to be another client’s is none', async () => {
    await hub.writesElsewhere(client, 'и здесь');
    await hub.clientSays(client, 'снова тут');
    const { identities } = await olga.open(row.id);
    const linked = identities.find((one) => one.linked);
    expect(linked?.channel).toBe('other');
    const root = await hub.person('Root', 'admin');
    const undone = await root.post(`/conversations/${row.id}/identities/${linked?.id}/unlink`);
    expect(undone.statusCode).toBe(204);
    hub.off.add('scripted');
    expect((await olga.open(row.id)).channelOff).toEqual({ why: 'not-configured' });
    expect(codeOf(await olga.say(row.id, 'Отвечаю'))).toEqual([409, 'channel-off']);
  });
});
