import { useCallback, useEffect } from 'react';
import { FailedState } from '../../../gateway/web/states.tsx';
import { kitTexts } from '../../../gateway/web/texts/kit.ts';
import { MediaLookup } from '../../../gateway/web/transcript/media-lookup.ts';
import type { ShownMessage } from '../../../gateway/web/transcript/shown.ts';
import { type OlderPages, Transcript } from '../../../gateway/web/transcript/transcript.tsx';
import { useTexts } from '../../../gateway/web/use-texts.tsx';
import type { ConversationRow } from '../../api.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useDesk, useOutgoing, useSpokenWords, useTyping } from '../desk-context.ts';
import { useLoadMore, useTranscript } from '../queries.ts';
import { deskTexts } from '../texts/desk.ts';
import { useLabelling } from './labelling.tsx';
import { useRevising } from './revising.tsx';
import styles from './thread.module.css';
import { MessagesSkeleton } from './thread-skeleton.tsx';
import type { TranscriptCache } from './transcript-cache.ts';
import { useWayBack, WayBackLine } from './way-back.tsx';

/** The messages of a conversation, live, with what this page has on its way. */
export function Messages({
  row,
  clientName,
}: {
  readonly row: ConversationRow;
  readonly clientName: string;
}) {
  const texts = useTexts(deskTexts);
  const transcript = useTranscript(row.id);
  const { data } = transcript;
  if (!data) {
    return transcript.isError ? (
      <div className={styles.failed}>
        <FailedState
          title={texts.t('thread.failed')}
          error={transcript.error}
          onRetry={() => void transcript.refetch()}
        />
      </div>
    ) : (
      <MessagesSkeleton />
    );
  }
  return (
    <>
      <LiveTranscript row={row} clientName={clientName} data={data} />
      <TypingLine row={row} clientName={clientName} />
    </>
  );
}

/** While everything back to a message is loaded, nobody asks for single pages. */
const LOADING: OlderPages = { state: 'loading', load: () => {} };

function LiveTranscript({
  row,
  clientName,
  data,
}: {
  readonly row: ConversationRow;
  readonly clientName: string;
  readonly data: TranscriptCache;
}) {
  const { client, place } = useDesk();
  const labelling = useLabelling(row, data.items);
  const revising = useRevising(row);
  const outgoing = useOutgoing(row.id);
  const older = useOlder(row.id, data);
  const wayBack = useWayBack(row.id, data, place.message);
  useEffect(() => {
    const shown = data.items.flatMap((item) => ('clientId' in item && item.clientId ? [item.clientId] : []));
    client.outgoing.settle(row.id, new Set(shown));
  }, [client, row.id, data.items]);
  const retry = useCallback((id: string) => client.outgoing.retry(row.id, id), [client, row.id]);
  const takeBack = useCallback(
    (id: string) => {
      const item = client.outgoing.takeBack(row.id, id);
      if (!item) return;
      const draft = client.drafts.read(row.id, item.mode);
      client.drafts.write(row.id, item.mode, draft ? `${item.text}\n${draft}` : item.text);
      focusComposer(item.mode);
    },
    [client, row.id],
  );
  const { actsOf: labelsOf } = labelling;
  const { actsOf: revisionsOf } = revising;
  const actsOf = useCallback(
    (message: ShownMessage) => (
      <>
        {revisionsOf(message)}
        {labelsOf(message)}
      </>
    ),
    [revisionsOf, labelsOf],
  );
  return (
    <MediaLookup value={client.api.media}>
      <Transcript
        items={data.items}
        outgoing={outgoing}
        clientName={clientName}
        me={client.me.name}
        nameOf={labelling.nameOf}
        actsOf={actsOf}
        unread={row.unread}
        sought={place.message}
        older={wayBack.state === 'none' ? older : LOADING}
        onRetry={retry}
        onDiscard={takeBack}
      />
      <WayBackLine {...wayBack} />
      {labelling.dialog}
      {revising.dialog}
    </MediaLookup>
  );
}

function useOlder(id: string, data: TranscriptCache): OlderPages {
  const { cache } = useDesk().client;
  const { state, load } = useLoadMore(useCallback(() => cache.loadOlder(id), [cache, id]));
  if (!data.hasOlder) return { state: 'none', load };
  return { state: state === 'idle' ? 'more' : state, load };
}

function TypingLine({ row, clientName }: { readonly row: ConversationRow; readonly clientName: string }) {
  const kit = useTexts(kitTexts);
  const { me } = useDesk().client;
  const typing = useTyping(row.id);
  const words = useSpokenWords(row.id);
  // My own typing comes back from the hub like anybody's.
  const isOwn = typing === 'operator' && row.owner.kind === 'operator' && row.owner.operator === me.id;
  const who = typing === 'client' ? clientName : row.owner.kind === 'operator' ? row.owner.name : undefined;
  return (
    <div className={styles.typing} aria-hidden={typing === undefined}>
      {typing && !isOwn && (
        <bdi>
          {words === undefined
            ? kit.t('transcript.typing', { who: who ?? kit.t('author.operator') })
            : kit.t('transcript.speaking', { who: clientName, words })}
        </bdi>
      )}
    </div>
  );
}
