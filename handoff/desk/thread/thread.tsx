import { useCallback, useEffect, useMemo, useState } from 'react';
import { useCommands } from '../../../gateway/web/commands/commands.tsx';
import { EmptyState, FailedState } from '../../../gateway/web/states.tsx';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationRow, ConversationView } from '../../api.ts';
import { Composer } from '../composer/composer.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import type { OwnerAct } from '../desk-api.ts';
import { useDesk } from '../desk-context.ts';
import { useConversation, useKnownRow } from '../queries.ts';
import { deskTexts } from '../texts/desk.ts';
import { ActNoticeLine } from './act-notice.tsx';
import { CloseDialog, type CloseWarning } from './close-dialog.tsx';
import { Messages } from './messages.tsx';
import { allowedActs, useOwnerActs } from './owner-acts.ts';
import styles from './thread.module.css';
import { ThreadHeader } from './thread-header.tsx';
import { ThreadSkeleton } from './thread-skeleton.tsx';

export interface ThreadProps {
  readonly onContext: () => void;
}

/** The open conversation: header, messages, composer; or what to do where none is open. */
export function Thread({ onContext }: ThreadProps) {
  const texts = useTexts(deskTexts);
  const { place } = useDesk();
  if (place.conversation === undefined) {
    return (
      <section className={styles.thread} aria-label={texts.t('thread.none')}>
        <EmptyState title={texts.t('thread.none')}>{texts.t('thread.none.hint')}</EmptyState>
      </section>
    );
  }
  return <OpenThread key={place.conversation} id={place.conversation} onContext={onContext} />;
}

function OpenThread({ id, onContext }: ThreadProps & { readonly id: string }) {
  const texts = useTexts(deskTexts);
  const conversation = useConversation(id);
  const known = useKnownRow(id);
  const row = conversation.data ?? known;
  if (!row && conversation.isError) {
    return (
      <section className={styles.thread} aria-label={texts.t('thread.failed')}>
        <FailedState
          title={texts.t('thread.failed')}
          error={conversation.error}
          onRetry={() => void conversation.refetch()}
        />
      </section>
    );
  }
  if (!row) return <ThreadSkeleton />;
  return (
    <ThreadOf
      row={row}
      maxText={conversation.data?.maxText}
      textUnit={conversation.data?.textUnit}
      segmentPrice={conversation.data?.segmentPrice}
      dataClass={conversation.data?.dataClass}
      files={conversation.data?.files}
      replyUntil={conversation.data?.replyUntil}
      templates={conversation.data?.templates}
      channelOff={conversation.data?.channelOff}
      onContext={onContext}
    />
  );
}

interface ThreadOfProps extends ThreadProps {
  readonly row: ConversationRow;
  readonly maxText: number | undefined;
  readonly textUnit: ConversationView['textUnit'];
  readonly segmentPrice: ConversationView['segmentPrice'];
  readonly dataClass: ConversationView['dataClass'];
  readonly replyUntil: string | undefined;
  readonly templates: ConversationView['templates'];
  readonly channelOff: ConversationView['channelOff'];
  readonly files: ConversationView['files'] | undefined;
}

function ThreadOf({ row, onContext, ...limits }: ThreadOfProps) {
  const texts = useTexts(deskTexts);
  const { client, place, go } = useDesk();
  const acts = useOwnerActs(row.id);
  const allowed = allowedActs(row, client.me.id, client.mayAnswer);
  const [warning, setWarning] = useState<CloseWarning | undefined>();
  const { perform } = acts;

  const act = useCallback(
    async (which: OwnerAct) => {
      if (which === 'close') {
        const found = closeWarning(client, row.id);
        if (found) return setWarning(found);
      }
      const done = await perform(which, row.epoch);
      if (done && which === 'take') focusComposer('reply');
    },
    [client, perform, row.id, row.epoch],
  );
  useThreadCommands(allowed.take, allowed.own, act);

  const name = row.contact.name ?? texts.t('row.unnamed');
  return (
    <section className={styles.thread} aria-label={texts.t('thread.label', { name })}>
      <ThreadHeader
        row={row}
        allowed={allowed}
        pending={acts.pending}
        onAct={(which) => void act(which)}
        onBack={() => go({ view: place.view })}
        onContext={onContext}
      />
      <Messages row={row} clientName={name} />
      <ActNoticeLine notice={acts.notice} onDismiss={acts.dismiss} />
      <Composer row={row} allowed={allowed} {...limits} />
      {warning && (
        <CloseDialog
          warning={warning}
          onKeep={() => setWarning(undefined)}
          onClose={() => {
            setWarning(undefined);
            void perform('close', row.epoch).then((done) => {
              if (!done) return;
              client.drafts.write(row.id, 'reply', '');
              client.drafts.write(row.id, 'note', '');
            });
          }}
        />
      )}
    </section>
  );
}

function closeWarning(client: ReturnType<typeof useDesk>['client'], id: string): CloseWarning | undefined {
  if (client.outgoing.of(id).some(({ state }) => state !== 'sent')) return 'outgoing';
  const hasDraft = client.drafts.read(id, 'reply') !== '' || client.drafts.read(id, 'note') !== '';
  return hasDraft ? 'draft' : undefined;
}

function useThreadCommands(mayTake: boolean, owns: boolean, act: (which: OwnerAct) => Promise<void>): void {
  const texts = useTexts(deskTexts);
  const [latest] = useState<{ act: typeof act }>({ act });
  useEffect(() => {
    latest.act = act;
  }, [latest, act]);
  const commands = useMemo(() => {
    const command = (which: OwnerAct, keys?: string) => ({
      id: `act.${which}`,
      titles: texts.both(`act.${which}.command`),
      ...(keys ? { keys } : {}),
      run: () => void latest.act(which),
    });
    return [
      ...(mayTake ? [command('take', 'Alt+KeyT')] : []),
      ...(owns ? [command('close', 'Alt+KeyE'), command('return'), command('release')] : []),
      ...(owns
        ? [
            {
              id: 'reply',
              titles: texts.both('command.reply'),
              keys: 'Alt+KeyL',
              run: () => focusComposer('reply'),
            },
          ]
        : []),
      { id: 'note', titles: texts.both('command.note'), keys: 'Alt+KeyP', run: () => focusComposer('note') },
    ];
  }, [texts, latest, mayTake, owns]);
  useCommands(commands);
}
