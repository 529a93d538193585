import { describe, expect, it } from 'vitest';
import type { Connector } from '../../gateway/connectors/connector.ts';
import type {
  FittedPart,
  OutgoingPart,
  SendOutcome,
  SentMessage,
} from '../../gateway/connectors/outgoing.ts';
import type { DeliveryId, MediaId } from '../../gateway/model/ids.ts';
import type { Revision } from '../../gateway/store/deliveries.ts';
import { revising, type Target } from '../../gateway/target.ts';

const DELIVERY = '0190b5a0-0000-7000-8000-000000000001' as DeliveryId;
const never = new AbortController().signal;
const text = (words: string): FittedPart => ({ kind: 'text', text: words });
const photo = (caption?: string): FittedPart => ({
  kind: 'media',
  media: [
    {
      kind: 'image',
      media: { id: 'm1' as MediaId, type: 'image/png', size: 5 },
      ...(caption !== undefined && { caption }),
    },
  ],
});

/** A connector that tells what it was asked, and answers with an id that is no message of its own. */
function connector(): { readonly asked: string[]; readonly connector: Connector } {
  const asked: string[] = [];
  const answer = async (
    what: string,
    { externalThread, externalId }: SentMessage,
    more = '',
  ): Promise<SendOutcome> => {
    asked.push(`${what} ${externalThread}/${externalId}${more}`);
    return { outcome: 'accepted', externalId: 'new' };
  };
  const words = (part: OutgoingPart) => (part.kind === 'text' ? part.text : part.kind);
  return {
    asked,
    connector: {
      receive: () => ({ authentic: false, reason: 'no' }),
      send: async () => ({ outcome: 'rejected', reason: 'no' }),
      edit: (target, part) => answer('edit', target, ` ${part.key.split(':')[1]} ${words(part)}`),
      remove: (target) => answer('remove', target),
      react: (target, emoji) => answer('react', target, ` ${emoji.join()}`),
    },
  };
}

/** Makes every request of a target, as the outbox does. */
async function askAll(target: ReturnType<typeof revising>): Promise<readonly SendOutcome[]> {
  if (typeof target === 'string') throw new Error(target);
  const all: SendOutcome[] = [];
  for (let n = 0; n < (target as Target).requests; n++) all.push(await target.ask(DELIVERY, n, never));
  return all;
}

const change = (
  what: Revision['what'],
  targets: Revision['targets'],
  emoji: readonly string[] = [],
): Revision => ({
  what,
  targets,
  emoji,
});

describe('a change of a message of several parts', () => {
  it('takes back every message that came of it, those of an album too, and leaves no id', async () => {
    const { asked, connector: to } = connector();
    const outcomes = await askAll(revising(to, 'ann', [], change('deleted', [['1'], ['2', '3', '4']])));
    expect(asked).toEqual(['remove ann/1', 'remove ann/2', 'remove ann/3', 'remove ann/4']);
    expect(outcomes).toEqual(Array.from({ length: 4 }, () => ({ outcome: 'accepted' })));
  });

  it('gives new words to what has words, and leaves the files beside them', async () => {
    const { asked, connector: to } = connector();
    const parts = [text('новое'), photo(), photo('подпись')];
    await askAll(revising(to, 'ann', parts, change('edited', [['1'], ['2'], ['3']])));
    expect(asked).toEqual(['edit ann/1 0 новое', 'edit ann/3 1 media']);
  });

  it('reacts to one message once', async () => {
    const { asked, connector: to } = connector();
    await askAll(revising(to, 'ann', [], change('reaction', [['1']], ['👍'])));
    expect(asked).toEqual(['react ann/1 👍']);
  });

  it('says why it cannot be: nothing arrived, the network has no such thing, or the words take other requests', () => {
    const { connector: to } = connector();
    const { edit: _e, remove: _r, react: _t, ...bare } = to;
    expect(revising(to, 'ann', [], change('deleted', []))).toBe('not-delivered');
    for (const what of ['edited', 'deleted', 'reaction'] as const)
      expect(revising(bare, 'ann', [text('a')], change(what, [['1']]))).toBe('not-possible-here');
    expect(revising(to, 'ann', [text('a'), text('b')], change('edited', [['1']]))).toBe('does-not-fit');
  });
});
