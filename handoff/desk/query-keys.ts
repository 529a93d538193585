import type { DeskView } from './desk-api.ts';

/** Where the desk's data stands in the query cache. */
export const queryKeys = {
  lists: ['desk', 'list'] as const,
  list: (view: DeskView) => ['desk', 'list', view] as const,
  search: (words: string) => ['desk', 'search', words] as const,
  intents: ['desk', 'intents'] as const,
  counts: ['desk', 'counts'] as const,
  conversation: (id: string) => ['desk', 'conversation', id] as const,
  moveTargets: (id: string) => ['desk', 'move', id] as const,
  transcript: (id: string) => ['desk', 'transcript', id] as const,
};
