import type { z } from 'zod';
import { type LookedAt, lookedAt, type Uploaded, uploaded } from '../../gateway/media/api.ts';
import type { TemplateUse } from '../../gateway/model/content.ts';
import type { ApiClient } from '../../gateway/web/api-client.ts';
import { acted, intentList, moveTargets, type reaction, said } from '../act-api.ts';
import {
  type ConversationView,
  conversationList,
  conversationView,
  type SearchResult,
  searchResult,
  transcript,
  type view as viewSchema,
} from '../api.ts';

export type DeskView = z.infer<typeof viewSchema>;
export type ConversationPage = z.infer<typeof conversationList>;
export type TranscriptPage = z.infer<typeof transcript>;
export type Counts = ConversationPage['counts'];
/** What an operator does with a whole conversation. */
export type OwnerAct = 'take' | 'release' | 'return' | 'close';

/** What an operator wants of a message; no emoji takes the reaction back. */
export type Wish =
  | { readonly what: 'edit'; readonly text: string }
  | { readonly what: 'delete' }
  | { readonly what: 'react'; readonly emoji: z.infer<typeof reaction>['emoji'] };

/** The views of the list, in the order in which they stand. */
export const VIEWS = ['queue', 'mine', 'all', 'closed'] as const satisfies readonly DeskView[];

const LIST_PAGE = 100;
const TRANSCRIPT_PAGE = 100;
const CATCH_UP_PAGE = 200;

/** The desk's part of the API. Every method rejects with a `Problem`. */
export interface DeskApi {
  /** A page of a view; `before` is the `next` of the page before it. */
  list(view: DeskView, before: string | undefined, signal?: AbortSignal): Promise<ConversationPage>;
  /** A page of the messages and notes with these words, of which the API takes 200 characters; `before` as with `list`. */
  search(words: string, before: string | undefined, signal: AbortSignal): Promise<SearchResult>;
  conversation(id: string, signal?: AbortSignal): Promise<ConversationView>;
  newest(id: string, signal?: AbortSignal): Promise<TranscriptPage>;
  /** `isFar`: much of it is wanted at once. */
  olderThan(id: string, seq: number, isFar?: boolean): Promise<TranscriptPage>;
  newerThan(id: string, seq: number): Promise<TranscriptPage>;
  act(id: string, act: OwnerAct, epoch: number): Promise<z.infer<typeof acted>>;
  /** Other channels in which the client can go on. */
  moveTargets(id: string, signal: AbortSignal): Promise<z.infer<typeof moveTargets>>;
  /** Sends the client a link or a code for that channel. */
  move(id: string, epoch: number, to: string): Promise<z.infer<typeof acted>>;
  unlink(id: string, identity: string): Promise<void>;
  /** `message.id` makes it count once, however often it is sent. */
  say(
    id: string,
    mode: 'reply' | 'note',
    message: { id: string; text: string; media?: readonly string[] },
  ): Promise<z.infer<typeof said>>;
  /** Says it by an approved template; `key` makes it count once. */
  sayByTemplate(id: string, key: string, template: TemplateUse): Promise<z.infer<typeof said>>;
  /** What a message can be about. */
  intents(signal: AbortSignal): Promise<z.infer<typeof intentList>>;
  /** Says what the client's message with this number was about; null takes it back. */
  label(id: string, seq: number, intent: string | null): Promise<void>;
  /** Edits, deletes or reacts to the message with this number; `key` makes it count once. */
  revise(id: string, seq: number, key: string, wish: Wish): Promise<z.infer<typeof said>>;
  /** Stores a file that a reply will carry. */
  upload(file: File, signal: AbortSignal): Promise<Uploaded>;
  /** Whether a file has come, and a link to it. */
  media(id: string, signal: AbortSignal): Promise<LookedAt>;
  /** A signal; nobody waits for it. */
  typing(id: string): Promise<void>;
}

/** The desk's part of the API over an API client. */
export function createDeskApi(api: ApiClient): DeskApi {
  const at = (id: string) => `/api/v1/conversations/${encodeURIComponent(id)}`;
  return {
    list(view, before, signal) {
      const query = new URLSearchParams({ view, limit: String(LIST_PAGE), ...(before ? { before } : {}) });
      return api.get(`/api/v1/conversations?${query}`, conversationList, signal);
    },
    search(words, before, signal) {
      const query = new URLSearchParams({ q: words, ...(before ? { before } : {}) });
      return api.get(`/api/v1/search?${query}`, searchResult, signal);
    },
    conversation: (id, signal) => api.get(at(id), conversationView, signal),
    newest: (id, signal) => api.get(`${at(id)}/transcript?limit=${TRANSCRIPT_PAGE}`, transcript, signal),
    olderThan(id, seq, isFar) {
      const limit = isFar ? CATCH_UP_PAGE : TRANSCRIPT_PAGE;
      return api.get(`${at(id)}/transcript?before=${seq}&limit=${limit}`, transcript);
    },
    newerThan: (id, seq) => api.get(`${at(id)}/transcript?after=${seq}&limit=${CATCH_UP_PAGE}`, transcript),
    act: (id, act, epoch) => api.post(`${at(id)}/${act}`, { epoch }, acted),
    moveTargets: (id, signal) => api.get(`${at(id)}/move`, moveTargets, signal),
    move: (id, epoch, to) => api.post(`${at(id)}/move`, { epoch, to }, acted),
    unlink: (id, identity) =>
      api.send('POST', `${at(id)}/identities/${encodeURIComponent(identity)}/unlink`, {}),
    say: (id, mode, message) =>
      api.post(`${at(id)}/${mode === 'note' ? 'notes' : 'messages'}`, message, said),
    sayByTemplate: (id, key, template) => api.post(`${at(id)}/messages`, { id: key, template }, said),
    intents: (signal) => api.get('/api/v1/intents', intentList, signal),
    label: (id, seq, intent) => api.send('PUT', `${at(id)}/messages/${seq}/label`, { intent }),
    revise: (id, seq, key, { what, ...wish }) =>
      api.post(`${at(id)}/messages/${seq}/${what}`, { id: key, ...wish }, said),
    upload: (file, signal) => api.upload('/api/v1/media', file, uploaded, signal),
    media: (id, signal) => api.get(`/api/v1/media/${encodeURIComponent(id)}`, lookedAt, signal),
    typing: (id) => api.send('POST', `${at(id)}/typing`, {}),
  };
}
