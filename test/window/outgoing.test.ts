import { describe, expect, it } from 'vitest';
import { Problem } from '../../gateway/web/problem.ts';
import { createDrafts } from '../../handoff/desk/drafts.ts';
import { createOutgoing, type OutgoingMessages } from '../../handoff/desk/outgoing.ts';
import { createStoredTexts } from '../../handoff/desk/stored-texts.ts';
import { memoryStorage } from './memory-storage.ts';
import { soon } from './soon.ts';

type Say = Parameters<typeof createOutgoing>[0]['say'];

function outgoingOver(
  storage: Storage,
  say: Say,
  settled: (seq: number) => void = () => {},
): OutgoingMessages {
  let made = 0;
  return createOutgoing({
    say,
    texts: createStoredTexts(storage, new EventTarget() as Window, 'out.'),
    newId: () => `id-${++made}-${Math.random()}`,
    now: () => new Date(1_000 + made),
    random: () => 0,
    onSaid: (_conversation, seq) => settled(seq),
  });
}

/** A hub that counts an id once, and answers as the test wants. */
function hub() {
  const seen = new Map<string, string>();
  const answers: (() => void)[] = [];
  const say: Say = async (_conversation, _mode, { id, text }) => {
    answers.shift()?.();
    if (!seen.has(id)) seen.set(id, text);
    return { seq: seen.size };
  };
  return { say, said: () => [...seen.values()], next: (answer: () => void) => answers.push(answer), seen };
}
const refuse = (code: string, status: number) => () => {
  throw new Problem(code, status);
};

describe('messages on their way', () => {
  it('go out in the order in which they were written', async () => {
    const { say, said } = hub();
    const outgoing = outgoingOver(memoryStorage(), say);
    for (const text of ['one', 'two', 'three']) outgoing.send('a', 'reply', text);
    expect(outgoing.of('a').map(({ state }) => state)).toEqual(['sending', 'sending', 'sending']);
    await soon(() => expect(said()).toEqual(['one', 'two', 'three']));
  });

  it('wait where the connection fails, and go out once it is back', async () => {
    const { say, said, next } = hub();
    next(refuse('network', 0));
    const outgoing = outgoingOver(memoryStorage(), say);
    outgoing.send('a', 'reply', 'one');
    outgoing.send('a', 'reply', 'two');
    await soon(() => expect(outgoing.of('a')[0]?.state).toBe('waiting'));
    expect(said()).toEqual([]);
    outgoing.resume();
    await soon(() => expect(said()).toEqual(['one', 'two']));
    outgoing.stop();
  });

  it('count once where the answer was lost', async () => {
    const storage = memoryStorage();
    const seen = new Map<string, string>();
    let lose = true;
    const outgoing = outgoingOver(storage, async (_conversation, _mode, { id, text }) => {
      seen.set(id, text);
      if (lose) throw new Problem('network', 0);
      return { seq: 1 };
    });
    outgoing.send('a', 'reply', 'one');
    await soon(() => expect(outgoing.of('a')[0]?.state).toBe('waiting'));
    lose = false;
    outgoing.resume();
    await soon(() => expect(outgoing.of('a')[0]?.state).toBe('sent'));
    expect(seen.size).toBe(1);
  });

  it('go on after a reload, under the same id', async () => {
    const storage = memoryStorage();
    const first = outgoingOver(storage, () => new Promise(() => {}));
    first.send('a', 'note', 'kept');
    const id = first.of('a')[0]?.id;
    first.stop();
    const { say, seen } = hub();
    const second = outgoingOver(storage, say);
    await soon(() => expect([...seen.keys()]).toEqual([id]));
    expect(second.of('a')[0]).toMatchObject({ mode: 'note', text: 'kept' });
    expect(storage.length).toBe(0);
  });

  it('stop where the hub refuses, and can be sent again or taken back', async () => {
    const { say, said, next } = hub();
    next(refuse('not-yours', 409));
    const storage = memoryStorage();
    const outgoing = outgoingOver(storage, say);
    outgoing.send('a', 'reply', 'mine');
    await soon(() => expect(outgoing.of('a')[0]).toMatchObject({ state: 'failed', code: 'not-yours' }));
    const id = outgoing.of('a')[0]?.id ?? '';
    expect(outgoingOver(storage, say).of('a')[0]).toMatchObject({ state: 'failed', code: 'not-yours' });
    outgoing.retry('a', id);
    await soon(() => expect(said()).toEqual(['mine']));
    expect(outgoing.takeBack('a', id)).toBeUndefined();
  });

  it('are taken back with their text', async () => {
    const { say, next } = hub();
    next(refuse('closed', 409));
    const storage = memoryStorage();
    const outgoing = outgoingOver(storage, say);
    outgoing.send('a', 'reply', 'mine');
    await soon(() => expect(outgoing.of('a')[0]?.state).toBe('failed'));
    expect(outgoing.takeBack('a', outgoing.of('a')[0]?.id ?? '')?.text).toBe('mine');
    expect(outgoing.of('a')).toEqual([]);
    expect(storage.length).toBe(0);
  });

  it('go when the transcript shows them', async () => {
    const { say } = hub();
    const outgoing = outgoingOver(memoryStorage(), say);
    outgoing.send('a', 'reply', 'one');
    await soon(() => expect(outgoing.of('a')[0]?.state).toBe('sent'));
    outgoing.settle('a', new Set([outgoing.of('a')[0]?.id ?? '']));
    expect(outgoing.of('a')).toEqual([]);
  });
});

describe('drafts', () => {
  const texts = (storage: Storage, page = new EventTarget()) =>
    createStoredTexts(storage, page as Window, 'd.');

  it('are kept apart by conversation and by what they are', () => {
    const storage = memoryStorage();
    const drafts = createDrafts(texts(storage));
    drafts.write('a', 'reply', 'to the client');
    drafts.write('a', 'note', 'to us');
    const later = createDrafts(texts(storage));
    expect([later.read('a', 'reply'), later.read('a', 'note'), later.read('b', 'reply')]).toEqual([
      'to the client',
      'to us',
      '',
    ]);
    drafts.write('a', 'reply', '');
    expect(storage.length).toBe(1);
  });

  it('hold in the page where the storage is full', () => {
    const storage = memoryStorage();
    storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const drafts = createDrafts(texts(storage));
    drafts.write('a', 'reply', 'typed');
    expect(drafts.read('a', 'reply')).toBe('typed');
  });
});
