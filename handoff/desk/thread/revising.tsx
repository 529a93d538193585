import { UnstyledButton } from '@mantine/core';
import { IconMoodSmile, IconPencil, IconTrash, type TablerIcon } from '@tabler/icons-react';
import { type ReactNode, useCallback, useState } from 'react';
import { isMedia } from '../../../gateway/model/content.ts';
import type { ShownMessage } from '../../../gateway/web/transcript/shown.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationRow, Revisable } from '../../api.ts';
import { useDesk } from '../desk-context.ts';
import { useConversation } from '../queries.ts';
import { deskTexts } from '../texts/desk.ts';
import { ReviseDialog } from './revise-dialog.tsx';
import styles from './thread.module.css';

/** What an operator can do with a message that was said. */
export type Revising = 'edit' | 'delete' | 'react';

const ICONS: Readonly<Record<Revising, TablerIcon>> = {
  edit: IconPencil,
  delete: IconTrash,
  react: IconMoodSmile,
};

/** Lets the owner of a conversation edit, delete and react, where the message's channel can. */
export function useRevising(row: ConversationRow): {
  readonly actsOf: (message: ShownMessage) => ReactNode;
  /** The open dialog. */
  readonly dialog: ReactNode;
} {
  const { client } = useDesk();
  const revisable = useConversation(row.id).data?.revisable;
  const [asked, setAsked] = useState<{ message: ShownMessage; what: Revising } | undefined>();
  const { owner } = row;
  const owns = owner.kind === 'operator' && owner.operator === client.me.id;
  const may = owns && client.mayAnswer && row.status === 'open';
  return {
    actsOf: useCallback(
      (message) => {
        const on = revisable?.find(({ channel }) => channel === message.channel);
        if (!may || !on) return null;
        return possible(message, on, Date.now()).map((what) => (
          <ReviseButton key={what} what={what} onAsk={() => setAsked({ message, what })} />
        ));
      },
      [may, revisable],
    ),
    dialog: asked && (
      <ReviseDialog
        conversation={row.id}
        message={asked.message}
        what={asked.what}
        onClose={() => setAsked(undefined)}
      />
    ),
  };
}

const NOT_THERE = new Set(['rejected', 'cancelled', 'dead']);

/** What can be done with a message now, milliseconds since 1970; the hub decides it again. */
function possible(message: ShownMessage, on: Revisable, now: number): readonly Revising[] {
  const { deletedAt, delivery } = message.revised ?? {};
  // A deletion that the network refused can be tried again.
  if (deletedAt !== undefined && !NOT_THERE.has(delivery?.state ?? '')) return [];
  if (message.from === 'client') return on.react ? ['react'] : [];
  if (message.from !== 'operator' || NOT_THERE.has(message.delivery?.state ?? '')) return [];
  const age = now - Date.parse(message.at);
  const words = message.content.filter((part) => !isMedia(part));
  const isText = words.length > 0 && words.every(({ kind }) => kind === 'text');
  const edit = on.edit && isText && age < (on.editForMs ?? Number.POSITIVE_INFINITY);
  const remove = on.delete && age < (on.deleteForMs ?? Number.POSITIVE_INFINITY);
  return [...(edit ? (['edit'] as const) : []), ...(remove ? (['delete'] as const) : [])];
}

function ReviseButton({ what, onAsk }: { readonly what: Revising; readonly onAsk: () => void }) {
  const texts = useTexts(deskTexts);
  const Icon = ICONS[what];
  const name = texts.t(`revise.${what}`);
  return (
    <UnstyledButton className={styles.labelButton} title={name} aria-label={name} onClick={onAsk}>
      <Icon size={14} stroke={1.6} aria-hidden />
    </UnstyledButton>
  );
}
