import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveState } from '../../gateway/web/live-socket.ts';
import type { Outgoing } from '../../gateway/web/transcript/shown.ts';
import type { DeskView } from './desk-api.ts';
import type { DeskClient } from './desk-client.ts';
import type { DraftMode } from './drafts.ts';

/** Where the page is: it stands in the address, so that a reload and a link come back to it. */
export interface DeskPlace {
  readonly view: DeskView;
  readonly conversation?: string;
  /** The number of the message of the conversation that is shown first. */
  readonly message?: number;
}

/** The name of an intent, a script or an action for people; undefined where it has none. */
export type NameOf = (id: string) => string | undefined;

/** The name of a thing for people, else its id with blanks for the signs that ids are joined by. */
export function readableName(nameOf: NameOf, id: string): string {
  return nameOf(id) ?? id.replaceAll(/[_-]+/g, ' ');
}

/** What every part of the desk's page has at hand. */
export interface DeskAtHand {
  readonly client: DeskClient;
  readonly place: DeskPlace;
  readonly go: (place: DeskPlace) => void;
  readonly nameOf: NameOf;
}

const AtHand = createContext<DeskAtHand | undefined>(undefined);

export const DeskProvider = AtHand.Provider;

/** The desk around the calling component. */
export function useDesk(): DeskAtHand {
  const desk = useContext(AtHand);
  if (!desk) throw new Error('a part of the desk is used outside of it');
  return desk;
}

/** State of the live connection. */
export function useLiveState(): LiveState {
  const { live } = useDesk().client;
  return useSyncExternalStore(live.subscribe, () => live.state);
}

/** Who is typing in a conversation. */
export function useTyping(conversation: string): 'client' | 'operator' | undefined {
  const { typing } = useDesk().client;
  return useSyncExternalStore(typing.subscribe, () => typing.of(conversation));
}

/** What a caller is saying just now. */
export function useSpokenWords(conversation: string): string | undefined {
  const { typing } = useDesk().client;
  return useSyncExternalStore(typing.subscribe, () => typing.wordsOf(conversation));
}

/** A draft, and the way to change it. */
export function useDraft(conversation: string, mode: DraftMode): readonly [string, (text: string) => void] {
  const { drafts } = useDesk().client;
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.read(conversation, mode));
  return [text, (changed) => drafts.write(conversation, mode, changed)];
}

/** What is on its way in a conversation. */
export function useOutgoing(conversation: string): readonly Outgoing[] {
  const { outgoing } = useDesk().client;
  return useSyncExternalStore(outgoing.subscribe, () => outgoing.of(conversation));
}
