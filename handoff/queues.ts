import type { Locale } from '../gateway/model/contact.ts';
import type { QueueId } from '../gateway/model/ids.ts';

/** Where conversations wait for operators. */
export interface Queue {
  readonly id: QueueId;
  readonly title: Readonly<Record<Locale, string>>;
}

export const DEFAULT_QUEUE = 'default' as QueueId;

export const QUEUES: readonly Queue[] = [
  { id: DEFAULT_QUEUE, title: { ru: 'Общая очередь', en: 'General queue' } },
];
