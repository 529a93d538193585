import { createHash } from 'node:crypto';
import type { Locale } from '../../model/contact.ts';
import { type KeptBytes, mediaKindOf } from '../../model/content.ts';
import { authentic } from '../authentic.ts';
import type { Received } from '../connector.ts';
import type { InboundContent, InboundReceipt, Sender } from '../inbound.ts';
import type { FileFrame, Said } from './frames.ts';
import type { Signed } from './identity.ts';

type Authentic = Extract<Received, { authentic: true }>;

/** The visitor as the hub knows them. `visitor` is the hash of the token: the token itself goes nowhere. */
export function senderOf(visitor: string, locale: Locale | undefined, signed: Signed | undefined): Sender {
  return {
    externalUser: visitor,
    externalThread: visitor,
    ...(locale && { locale }),
    ...(signed?.name && { name: signed.name }),
    ...(signed && {
      proof: { evidence: 'bank-authenticated', customer: signed.customer, how: 'signed-identity' },
    }),
  };
}

/** The sender once their proof of identity has ended: what they had proved lasts as long as the store says. */
export function withoutProof({ proof: _, ...sender }: Sender): Sender {
  return sender;
}

/** The client's language, an IETF tag, where it is one of ours. */
export function localeOf(tag: string | undefined): Locale | undefined {
  const language = tag?.split('-')[0];
  return language === 'ru' || language === 'en' ? language : undefined;
}

/** What a visitor said. Their own id makes it count once; `label` is what stood on the button, where it is known. */
export function translateSaid(frame: Said, sender: Sender, now: Date, label?: string): Authentic {
  return authentic([
    {
      type: 'message',
      dedupeKey: `${sender.externalUser}:${frame.id}`,
      clientId: frame.id,
      sender,
      sentAt: now,
      content: [contentOf(frame, label)],
    },
  ]);
}

function contentOf(frame: Said, label: string | undefined): InboundContent {
  switch (frame.type) {
    case 'message':
      return { kind: 'text', text: frame.text };
    case 'choice':
      return { kind: 'choice', id: frame.choice, ...(label !== undefined && { text: label }) };
    case 'location':
      return { kind: 'location', latitude: frame.latitude, longitude: frame.longitude };
  }
}

/** A file that a visitor sent, and that is kept. */
export function translateFile(frame: FileFrame, kept: KeptBytes, sender: Sender, now: Date): Authentic {
  const source = `${sender.externalUser}:${frame.id}`;
  return authentic([
    {
      type: 'message',
      dedupeKey: source,
      clientId: frame.id,
      sender,
      sentAt: now,
      content: [{ kind: mediaKindOf(frame.mime), source, kept, name: frame.name }],
    },
  ]);
}

/** The visitor came with a one-time link and agreed to go on with its dialogue; saying so again is the same. */
export function translateMove(payload: string, sender: Sender): Authentic {
  const named = createHash('sha256').update(payload).digest('base64url');
  const dedupeKey = `${sender.externalUser}:start:${named}`;
  return authentic([{ type: 'start', agreed: true, dedupeKey, sender, payload }]);
}

/** These messages of ours have come to the page, or were read on it. */
export function translateReceipts(messages: readonly string[], receipt: 'delivered' | 'read'): Authentic {
  return authentic(messages.map((externalId): InboundReceipt => ({ type: 'receipt', externalId, receipt })));
}
