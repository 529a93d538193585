import { UnstyledButton } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { Chooser } from '../../../gateway/web/commands/chooser.tsx';
import { useCommands } from '../../../gateway/web/commands/commands.tsx';
import { searchCommands } from '../../../gateway/web/commands/search.ts';
import { problemText } from '../../../gateway/web/problem-text.ts';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import type { ShownItem, ShownMessage } from '../../../gateway/web/transcript/shown.ts';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { Intent } from '../../act-api.ts';
import type { ConversationRow } from '../../api.ts';
import { type NameOf, readableName, useDesk } from '../desk-context.ts';
import { intentsQuery } from '../queries.ts';
import { deskTexts } from '../texts/desk.ts';
import styles from './thread.module.css';

/** What a thread needs so that people can say what messages were about. */
export interface Labelling {
  /** The name of an intent, of which the bot tells more than the desk knows itself. */
  readonly nameOf: NameOf;
  /** What can be done with a message; undefined where nothing can. */
  readonly actsOf: (message: ShownMessage) => ReactNode;
  /** The open dialog. */
  readonly dialog: ReactNode;
}

/** Lets the owner of a conversation, and who supervises, say what the client's messages were about. */
export function useLabelling(row: ConversationRow, items: readonly ShownItem[]): Labelling {
  const { client, nameOf } = useDesk();
  const { locale } = useTexts(deskTexts);
  const intents = useQuery(intentsQuery(client)).data;
  const [asked, setAsked] = useState<ShownMessage | undefined>();
  const owns = row.owner.kind === 'operator' && row.owner.operator === client.me.id;
  const mayLabel = client.mayAnswer && (owns || client.maySupervise) && (intents?.length ?? 0) > 0;
  useLabelCommand(mayLabel ? items.findLast(hasClientText) : undefined, setAsked);
  return {
    nameOf: useCallback(
      (id) => intents?.find((intent) => intent.id === id)?.title[locale] ?? readableName(nameOf, id),
      [intents, locale, nameOf],
    ),
    actsOf: useCallback(
      (message) => mayLabel && hasClientText(message) && <LabelButton message={message} onAsk={setAsked} />,
      [mayLabel],
    ),
    dialog: asked && (
      <LabelDialog
        conversation={row.id}
        message={asked}
        intents={intents ?? []}
        onClose={() => setAsked(undefined)}
      />
    ),
  };
}

function hasClientText(item: ShownItem): item is ShownMessage {
  return item.type === 'message' && item.from === 'client' && wordsOf(item).trim() !== '';
}

function wordsOf({ content }: ShownMessage): string {
  return content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join(' ');
}

function useLabelCommand(newest: ShownMessage | undefined, ask: (message: ShownMessage) => void): void {
  const texts = useTexts(deskTexts);
  useCommands(
    useMemo(
      () => (newest ? [{ id: 'label', titles: texts.both('label.command'), run: () => ask(newest) }] : []),
      [texts, newest, ask],
    ),
  );
}

function LabelButton({
  message,
  onAsk,
}: {
  readonly message: ShownMessage;
  readonly onAsk: (message: ShownMessage) => void;
}) {
  const texts = useTexts(deskTexts);
  return (
    <UnstyledButton
      className={styles.labelButton}
      title={texts.t('label.ask')}
      aria-label={texts.t('label.ask.of', { text: begin(wordsOf(message)) })}
      onClick={() => onAsk(message)}
    >
      <IconTag size={14} stroke={1.6} aria-hidden />
    </UnstyledButton>
  );
}

/** Of a message in the name of its button, characters. */
const NAMED = 80;

function begin(text: string): string {
  const characters = [...text.slice(0, 2 * NAMED)];
  return characters.length > NAMED ? `${characters.slice(0, NAMED).join('')}…` : text;
}

/** Takes the label back; no intent has such an id. */
const NOTHING = '-';

interface LabelDialogProps {
  readonly conversation: string;
  readonly message: ShownMessage;
  readonly intents: readonly Intent[];
  readonly onClose: () => void;
}

/** Asks what the message was about; it closes once that is stored. */
function LabelDialog({ conversation, message, intents, onClose }: LabelDialogProps) {
  const texts = useTexts(deskTexts);
  const kit = useTexts(kitTexts);
  const { api } = useDesk().client;
  const [failure, setFailure] = useState<unknown>();
  const label = message.revised?.label;
  const choices = useMemo(() => {
    const other = texts.locale === 'ru' ? 'en' : 'ru';
    const named = intents.map(({ id, title }) => ({
      id,
      titles: [title[texts.locale], title[other]],
      ...(id === label && { hint: texts.t('label.now') }),
    }));
    return label === undefined ? named : [...named, { id: NOTHING, titles: texts.both('label.remove') }];
  }, [intents, texts, label]);
  const find = useCallback((typed: string) => searchCommands(choices, typed), [choices]);
  const choose = ({ id }: { readonly id: string }) => {
    setFailure(undefined);
    api.label(conversation, message.seq, id === NOTHING ? null : id).then(onClose, setFailure);
  };
  return (
    <Chooser
      title={texts.t('label.title')}
      placeholder={texts.t('label.find')}
      nothing={texts.t('label.nothing')}
      find={find}
      onChoose={choose}
      onClose={onClose}
    >
      <blockquote className={styles.labelled}>{wordsOf(message)}</blockquote>
      {failure !== undefined && (
        <p role="alert" className={styles.labelFailed}>
          {texts.t('label.failed')} {problemText(failure, kit)}
        </p>
      )}
    </Chooser>
  );
}
