import { useCallback, useState } from 'react';
import { Problem } from '../../../gateway/web/problem.ts';
import type { ConversationRow, ConversationView } from '../../api.ts';
import type { OwnerAct } from '../desk-api.ts';
import { useDesk } from '../desk-context.ts';
import { queryKeys } from '../query-keys.ts';

/** Which acts an operator has on a conversation now. */
export interface AllowedActs {
  readonly isMine: boolean;
  readonly take: boolean;
  /** Release, return to the bot, close, reply. */
  readonly own: boolean;
}

/** What the owner of a conversation allows this operator to do. */
export function allowedActs(row: ConversationRow, me: string, mayAnswer: boolean): AllowedActs {
  const isOpen = row.status === 'open';
  const isMine = row.owner.kind === 'operator' && row.owner.operator === me;
  const isFree = row.owner.kind === 'queue' || row.owner.kind === 'bot';
  return { isMine, take: mayAnswer && isOpen && isFree, own: mayAnswer && isOpen && isMine };
}

/** Why an act did not happen: somebody was faster, or something failed. */
export type ActNotice =
  | { readonly kind: 'taken'; readonly by: string | undefined }
  | { readonly kind: 'failed'; readonly act: OwnerAct; readonly error: unknown };

export interface OwnerActs {
  readonly pending: OwnerAct | undefined;
  readonly notice: ActNotice | undefined;
  /** Resolves to true where it was done. Never rejects: what failed stands in `notice`. */
  readonly perform: (act: OwnerAct, epoch: number) => Promise<boolean>;
  readonly dismiss: () => void;
}

/** Performs the acts of an owner on a conversation. Give it a key per conversation. */
export function useOwnerActs(id: string): OwnerActs {
  const { client } = useDesk();
  const [pending, setPending] = useState<OwnerAct | undefined>();
  const [notice, setNotice] = useState<ActNotice | undefined>();
  const perform = useCallback(
    async (act: OwnerAct, epoch: number) => {
      setPending(act);
      setNotice(undefined);
      const key = queryKeys.conversation(id);
      try {
        await client.api.act(id, act, epoch);
        await client.queries.refetchQueries({ queryKey: key });
        return true;
      } catch (error) {
        await client.queries.refetchQueries({ queryKey: key });
        setNotice(noticeOf(act, error, client.queries.getQueryData<ConversationView>(key), client.me.id));
        return false;
      } finally {
        setPending(undefined);
      }
    },
    [client, id],
  );
  return { pending, notice, perform, dismiss: useCallback(() => setNotice(undefined), []) };
}

function noticeOf(
  act: OwnerAct,
  error: unknown,
  now: ConversationView | undefined,
  me: string,
): ActNotice | undefined {
  const failed = { kind: 'failed', act, error } as const;
  if (act !== 'take' || !(error instanceof Problem) || error.status !== 409) return failed;
  // Taken by me, in another tab or by a press whose answer was lost: that is what was wanted.
  if (now?.owner.kind === 'operator') {
    return now.owner.operator === me ? undefined : { kind: 'taken', by: now.owner.name };
  }
  return error.code === 'already-taken' ? { kind: 'taken', by: undefined } : failed;
}
