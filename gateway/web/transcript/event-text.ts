import { channelName } from '../channel-name.ts';
import type { kitTexts } from '../texts/kit.ts';
import type { TextsOf } from '../texts.ts';
import type { ShownEvent, ShownItem, ShownOwnerChange, ShownRevision } from './shown.ts';

type KitTexts = TextsOf<typeof kitTexts>;

const SHOWN = new Set([
  'conversation.opened',
  'conversation.closed',
  'conversation.continued',
  'conversation.rated',
  'thread.started',
  'message.interrupted',
  'action.completed',
  'action.unknown',
  'conversation.moved',
  'identity.proved',
  'identity.linked',
  'identity.unlinked',
  'turn.failed',
  'urgency.raised',
]);

/**
 * False for what only machines need to know of (timers, dropped turns, the bot's requests before their outcome) and
 * for a change to no owner, since the closing beside it says the same.
 */
export function isShown(item: Exclude<ShownItem, ShownRevision>): boolean {
  if (item.type === 'owner') return item.to.kind !== 'nobody';
  return item.type !== 'line' || SHOWN.has(item.what);
}

/** An event as a thin line of text: what happened, then the names that tell it from others. `nameOf`: of an action. */
export function eventText(
  event: ShownEvent,
  texts: KitTexts,
  nameOf: (id: string) => string | undefined,
): string {
  const { detail } = event;
  if (event.what === 'conversation.moved' && detail.channel && detail.fromChannel)
    return texts.t('event.conversation.moved', {
      from: channelName(texts, detail.fromChannel),
      to: channelName(texts, detail.channel),
    });
  if (event.what === 'conversation.rated' && detail.score)
    return texts.t('event.conversation.rated', { score: detail.score });
  if (event.what === 'identity.linked' && detail.secondary) return texts.t('event.identity.linked.secondary');
  const key = event.what === 'action.completed' ? `action.${detail.outcome ?? 'done'}` : event.what;
  const what = texts.find(`event.${key}`) ?? event.what;
  const evidence = detail.evidence && texts.find(`evidence.${detail.evidence}`);
  const name = detail.name && (nameOf(detail.name) ?? detail.name);
  const reason = detail.reason && texts.find(`reason.${detail.reason}`);
  const parts = [evidence ?? what, name, reason, detail.code].filter(
    (part) => part !== undefined && part !== '',
  );
  return parts.join(' · ');
}

/** A change of owner as a thin line of text, with its reason where a person understands it. */
export function ownerText(change: ShownOwnerChange, texts: KitTexts): string {
  const reason = texts.find(`reason.${change.reason}`);
  const what = ownerChange(change, texts);
  return reason ? `${what}: ${reason}` : what;
}

function ownerChange({ from, to }: ShownOwnerChange, texts: KitTexts): string {
  switch (to.kind) {
    case 'operator':
      return texts.t('owner.toOperator', { name: to.name });
    case 'bot':
      return texts.t('owner.toBot');
    case 'nobody':
      return texts.t('owner.toNobody');
    case 'queue':
      if (from.kind === 'bot') return texts.t('owner.toQueue.fromBot');
      if (from.kind === 'operator') return texts.t('owner.toQueue.fromOperator', { name: from.name });
      return texts.t('owner.toQueue');
  }
}
