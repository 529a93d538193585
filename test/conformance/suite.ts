import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestHub } from '../fixtures/hub.ts';
import { expectAsRecorded } from './as-recorded.ts';
import { CASES } from './failures.ts';
import { answersOf, mediaOf, type RecordedAnswer, storedIn } from './ledger.ts';
import { describeRevising } from './revising.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** The case ran with so many characters at most. */
    upTo?: number;
    /** The network has no such thing, and the case showed that it is refused. */
    refused?: true;
  }
}

/** A person who writes through the network under test. */
export interface Person {
  /** The network's own place, as the store names it. */
  thread(): string;
  /** Writes; resolves once the network has it, which is not to say that the hub does. */
  say(text: string): Promise<void>;
  /** The network hands the hub what this person wrote last again, so many times at once. */
  repeatLast(times: number): Promise<void>;
  /** Answers that reached the person, in order. */
  heard(): readonly string[];
  /** Resolves once so many answers have come; rejects when they do not. */
  hears(count: number): Promise<readonly string[]>;
}

/** A way to hand the hub what it should not take as it is. */
export interface BadInput {
  readonly what: string;
  /** Hands it over; resolves with how it was answered: an HTTP status, or a close or error code of a socket. */
  hand(): Promise<number | string>;
  readonly answer: number | string;
  /** True where it is kept in the quarantine. */
  readonly isKept?: boolean;
}

/** What the network was asked to change; `of`: by its own id of the message. `emoji`: all that stand under it then. */
export type AskedChange =
  | { readonly what: 'edit'; readonly of: string; readonly text: string }
  | { readonly what: 'delete'; readonly of: string }
  | { readonly what: 'react'; readonly of: string; readonly emoji: readonly string[] };

/** A network in which messages can be changed, as it sees them. */
export interface Revisions {
  /** The network's own id of the message that stands with these words in the person's dialogue. */
  idOf(person: Person, text: string): string | undefined;
  /** Every request to change a message, of whomever, in the order in which they came. */
  asked(): readonly AskedChange[];
}

/** What can go wrong with the hub's requests to the network. */
export type SendFault =
  | 'too-many'
  | 'server-error'
  | 'cut-before'
  | 'cut-after'
  | 'truncated'
  | 'garbage'
  | 'slow';

/** A network that answers our requests, and so can fail them. Our own page does not: it is told by the commit. */
export interface OutsideNetwork extends Network {
  /** The next request to this person that no other fault strikes first fails so. */
  failNextSend(person: Person, fault: SendFault): void;
  /** The network knows a message that is sent again by what we gave it along, and shows it once. */
  readonly repeatsCountOnce?: true;
}

/** One network with a hub that is connected to it. */
export interface Network {
  readonly hub: TestHub;
  person(): Promise<Person>;
  /** Gives the hub what two people wrote in another order than they did. */
  sayOutOfOrder(person: Person, texts: readonly string[]): Promise<void>;
  /** Input that is from the network and makes no sense, and input that is too large. */
  readonly badInput: readonly BadInput[];
  /** Input that is not from the network: nothing of it may be stored. */
  readonly strangers: readonly BadInput[];
  /** The longest text that a person can write there at once, UTF-16 units; default: any. */
  readonly longest?: number;
  /** Where the network tells of edits: it tells of one of a message that the hub never got. */
  readonly editUnknown?: (person: Person, text: string) => Promise<void>;
  /** Where the network has albums: a person sends one of so many pictures, the first with a caption. */
  readonly sendAlbum?: (person: Person, count: number, caption: string) => Promise<void>;
  /** Where messages of ours can be edited or deleted, or theirs get a reaction. */
  readonly revisions?: Revisions;
  /** Parts of one long answer, put together again. */
  join(parts: readonly string[]): string;
  stop(): Promise<void>;
}

/** What every connector must stand, through the real hub with a bot that says what it was told. */
export function conformanceSuite(name: string, start: () => Promise<Network>): void {
  describe(name, () => {
    const network = running(start);
    describeSaying(name, network);
    describeContent(name, network);
    describeRevising(name, network);
    describeInput(network);
  });
}

/** The same for a network that can fail our requests, and what only such a network can do. */
export function outsideConformanceSuite(name: string, start: () => Promise<OutsideNetwork>): void {
  describe(name, () => {
    const network = running(start);
    describeSaying(name, network);
    describeContent(name, network);
    describeRevising(name, network);
    describeInput(network);
    describeSending(network);
  });
}

/** One hub for all cases; after each, its ledger must be whole. */
function running<N extends Network>(start: () => Promise<N>): () => N {
  let network: N | undefined;
  const started = (): N => {
    if (!network) throw new Error('the network did not start');
    return network;
  };
  beforeAll(async () => {
    network = await start();
  });
  afterAll(() => network?.stop());
  afterEach(async () => {
    await settled(started().hub);
    expect(await started().hub.verify()).toMatchObject({ ok: true, broken: [], dead: 0 });
  });
  return started;
}

function describeSaying(name: string, network: () => Network): void {
  it('answers each message once, in the order in which it was said', async () => {
    const person = await network().person();
    const texts = numbers(30);
    for (const text of texts) await person.say(text);
    await person.hears(30);
    expect(person.heard()).toEqual(texts.map(answerTo));
  });

  it('keeps twenty people apart who all speak at once', async () => {
    const people = await Promise.all(numbers(20).map(() => network().person()));
    await Promise.all(
      people.map(async (person, index) => {
        for (const text of numbers(5)) await person.say(`${index}: ${text}`);
      }),
    );
    for (const [index, person] of people.entries()) {
      await person.hears(5);
      expect(person.heard()).toEqual(numbers(5).map((text) => answerTo(`${index}: ${text}`)));
    }
  });

  it(CASES.repeats, async () => {
    const person = await network().person();
    await person.say('один');
    await person.repeatLast(8);
    await person.hears(1);
    await person.repeatLast(3);
    await person.say('два');
    await person.hears(2);
    expect(person.heard()).toEqual([answerTo('один'), answerTo('два')]);
    const stored = (await answersOf(network().hub.db)).filter(({ thread }) => thread === person.thread());
    expect(stored).toHaveLength(2);
  });

  it(CASES.order, async () => {
    const person = await network().person();
    const texts = numbers(12);
    await network().sayOutOfOrder(person, texts);
    await person.hears(12);
    expect([...person.heard()].sort()).toEqual(texts.map(answerTo).sort());
  });

  it.for([
    [CASES.longText, 'Слово за слово. '.repeat(3_500)],
    ['100 kB without a space', 'я'.repeat(51_000)],
    ['emoji, families and flags', '👨‍👩‍👧‍👦 🇷🇺 👍🏽 🧑🏻‍🚀'],
    ['right-to-left text with its marks', '\u202eשלום عليكم\u202c \u200f!'],
    ['what looks like markup', '<b>_*[x](tg://user?id=1)*_</b> &amp; `{{name}}`'],
    ['what looks like a query', "'; drop table event; --"],
    ['letters with many accents', `z${'\u0301\u0323'.repeat(50)}`],
  ] as const)(CASES.text, async ([what, whole], { task }) => {
    const text = whole.slice(0, network().longest);
    if (text !== whole) task.meta.upTo = text.length;
    if (what === CASES.longText)
      expectAsRecorded(name, task.name, text === whole ? {} : { upTo: text.length });
    const person = await network().person();
    await person.say(text);
    await person.hears(1);
    await settled(network().hub);
    expect(network().join(person.heard())).toBe(network().join([answerTo(text)]));
  });

  it.each([
    ['null bytes', 'до\u0000после', 'до\ufffdпосле'],
    ['half of a surrogate pair', 'до\ud83dпосле\udc00', 'до\ufffdпосле\ufffd'],
    ['the number of a card', 'моя карта 4111 1111 1111 1111', 'моя карта •••• 1111'],
  ])('shows %s as something that may be stored', async (_what, text, kept) => {
    const person = await network().person();
    await person.say(text);
    await person.hears(1);
    expect(person.heard()).toEqual([answerTo(kept)]);
  });
}

/** What only some networks have; the others say nothing of it in their adapter. */
function describeContent(name: string, network: () => Network): void {
  it(CASES.editUnknown, async ({ skip }) => {
    const { editUnknown, person: anybody } = network();
    const why = 'no edits, or none that the suite is handed';
    expectAsRecorded(name, CASES.editUnknown, editUnknown ? {} : { leftOut: why });
    if (!editUnknown) return skip(why);
    const person = await anybody();
    await person.say('первое');
    await person.hears(1);
    await editUnknown(person, 'исправлено');
    await person.hears(2);
    expect(person.heard()).toEqual(['первое', 'исправлено'].map(answerTo));
  });

  it(CASES.album, async ({ skip }) => {
    const { sendAlbum, person: anybody, hub } = network();
    const why = 'no albums, or none that the suite is handed';
    expectAsRecorded(name, CASES.album, sendAlbum ? {} : { leftOut: why });
    if (!sendAlbum) return skip(why);
    const person = await anybody();
    await person.say('первое');
    await person.hears(1);
    await sendAlbum(person, 3, 'чеки');
    await person.say('последнее');
    await person.hears(3);
    await settled(hub);
    expect(person.heard()).toEqual(['первое', 'чеки', 'последнее'].map(answerTo));
    expect(await mediaOf(hub.db, person.thread())).toBe(3);
  });
}

function describeInput(network: () => Network): void {
  it(CASES.badInput, async () => {
    for (const { what, hand, answer, isKept } of network().badInput) {
      const before = await storedIn(network().hub.db);
      expect(await hand(), what).toBe(answer);
      const after = await storedIn(network().hub.db);
      expect(after.events, what).toBe(before.events);
      expect(after.quarantined - before.quarantined, what).toBe(isKept ? 1 : 0);
    }
    const person = await network().person();
    await person.say('живы?');
    expect(await person.hears(1)).toEqual([answerTo('живы?')]);
  });

  it(CASES.strangers, async () => {
    const before = await storedIn(network().hub.db);
    for (const { what, hand, answer } of network().strangers) expect(await hand(), what).toBe(answer);
    expect(await storedIn(network().hub.db)).toEqual(before);
  });
}

/** How often an answer arrives whose first request met a fault, and how many of its attempts are unknown. */
const FAULTS: readonly (readonly [SendFault, number, number])[] = [
  ['too-many', 1, 0],
  ['server-error', 1, 0],
  ['slow', 1, 0],
  ['cut-before', 1, 1],
  ['cut-after', 2, 1],
  ['truncated', 2, 1],
  ['garbage', 2, 1],
];

function describeSending(network: () => OutsideNetwork): void {
  it.each(FAULTS)(CASES.sending, async (fault, copies, unknown) => {
    const { hub, repeatsCountOnce } = network();
    const shown = repeatsCountOnce ? 1 : copies;
    const person = await network().person();
    await person.say('первое');
    await person.hears(1);
    network().failNextSend(person, fault);
    await person.say('второе');
    await person.say('третье');
    await person.hears(2 + shown);
    expect(person.heard()).toEqual(
      ['первое', ...Array.from({ length: shown }, () => 'второе'), 'третье'].map(answerTo),
    );
    await settled(hub);
    const recorded = await recordedFor(hub, person);
    expect(recorded.map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(recorded.map((answer) => answer.unknown)).toEqual([0, unknown, 0]);
  });

  it('misses and repeats an answer only where its delivery is recorded as unknown', async () => {
    const { hub, repeatsCountOnce } = network();
    const people = await Promise.all(numbers(10).map(() => network().person()));
    for (const [index, person] of people.entries()) {
      await person.say('начнём');
      await person.hears(1);
      // Another mixture for everyone, the same fault twice in a row for some.
      for (let n = 0; n < 5; n++) {
        const [fault] = FAULTS[(index * 3 + n * index) % FAULTS.length] ?? ['slow'];
        network().failNextSend(person, fault);
      }
    }
    const texts = numbers(6);
    await Promise.all(
      people.map(async (person) => {
        for (const text of texts) await person.say(text);
      }),
    );
    for (const person of people) await answered(hub, person, 1 + texts.length);
    await settled(hub);
    const recorded = await Promise.all(people.map((person) => recordedFor(hub, person)));
    for (const [index, person] of people.entries()) {
      expectExcused(person.heard().slice(1), (recorded[index] ?? []).slice(1), texts.map(answerTo));
    }
    if (repeatsCountOnce)
      for (const person of people) expect(person.heard()).toEqual([...new Set(person.heard())]);
    const unknown = recorded.flat().filter((answer) => answer.unknown > 0);
    expect(unknown.length, 'deliveries whose outcome nobody knows').toBeGreaterThan(10);
  }, 120_000);
}

/** Each answer arrived once and in its place, but for what its record excuses. */
function expectExcused(
  heard: readonly string[],
  recorded: readonly RecordedAnswer[],
  answers: readonly string[],
): void {
  expect(recorded.map(({ text }) => text)).toEqual(answers);
  for (const { text, state, unknown } of recorded) {
    const copies = heard.filter((one) => one === text).length;
    if (unknown === 0) expect([copies, state], text).toEqual([1, 'accepted']);
    else expect(copies, text).toBeLessThanOrEqual(state === 'accepted' ? unknown + 1 : unknown);
    if (state === 'accepted') expect(copies, text).toBeGreaterThan(0);
  }
  expect([...new Set(heard)]).toEqual(answers.filter((text) => heard.includes(text)));
}

async function recordedFor(hub: TestHub, person: Person): Promise<readonly RecordedAnswer[]> {
  return (await answersOf(hub.db)).filter(({ thread }) => thread === person.thread());
}

/** Resolves once so many answers to this person were decided; whether they have arrived is another matter. */
async function answered(hub: TestHub, person: Person, count: number): Promise<void> {
  await eventually(async () => (await recordedFor(hub, person)).length >= count);
}

/** Resolves once no delivery is on its way and no turn is due. */
async function settled({ db }: TestHub): Promise<void> {
  await eventually(async () => {
    const { rows } = await db.query<{ left: number }>(
      `select (select count(*) from delivery where state in ('due', 'attempting'))::integer
        + (select count(*) from due_turn)::integer as left`,
    );
    return rows[0]?.left === 0;
  });
}

/** The store does not tell when it changes, and asking costs; the test's own time limit ends the wait. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function numbers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `сообщение ${String(n + 1).padStart(2, '0')}`);
}

function answerTo(text: string): string {
  return `you said ${text}`;
}
