import type { OutgoingPart } from '../outgoing.ts';
import { isPartKey } from '../part-key.ts';

/** Our Message-ID of a part, the same in each attempt, so that a mail system which has it already can drop the second. */
export function messageIdOf(key: OutgoingPart['key'], domain: string): string {
  return `<${key.replace(':', '.')}@${domain}>`;
}

/** The part that a Message-ID names, where it is one of ours. */
export function partOf(messageId: string, domain: string): OutgoingPart['key'] | undefined {
  const [, local = ''] = /^<([^@<>]+)@([^@<>]+)>$/.exec(messageId) ?? [];
  const key = local.replace('.', ':');
  return messageId.endsWith(`@${domain}>`) && isPartKey(key) ? key : undefined;
}
