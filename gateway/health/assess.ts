import { CHANNEL_PROBLEMS, type Finding } from '../connectors/health.ts';
import type { ChannelId } from '../model/ids.ts';
import type { PolicyPack } from '../policy/pack.ts';

/**
 * `working`: all is well; `silent`: well, and nothing has come in for long; `troubled`: some of it goes; `broken`:
 * nothing goes until somebody acts; `off`: nothing goes, by the policy pack; `unknown`: not asked yet.
 */
export type ChannelState = 'working' | 'silent' | 'troubled' | 'broken' | 'off' | 'unknown';

/** What is known of a channel. */
export interface ChannelFacts {
  readonly channel: ChannelId;
  /** Undefined where the channel is off. */
  readonly network?: string;
  /** The policy pack that keeps it off although it has settings. */
  readonly keptOffBy?: PolicyPack;
  /** What the network said, and when; undefined: it was not asked, or cannot be. */
  readonly answer?: { readonly findings: readonly Finding[]; readonly at: Date };
  readonly canBeAsked: boolean;
  readonly account?: string;
  readonly ownThread?: string;
  readonly lastInboundAt?: Date;
  /** Where nothing comes in for so long, something is wrong; undefined: silence is nothing unusual. */
  readonly alarmAfterSilenceMs?: number;
  /** Attempts of the last ten minutes. */
  readonly accepted: number;
  readonly failed: number;
  /** Deliveries that are not finished, and since when the oldest waits. */
  readonly waiting: number;
  readonly waitingSince?: Date;
}

export interface ChannelStatus extends ChannelFacts {
  readonly state: ChannelState;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** A network that was asked every 20 s and has not answered for so long counts as unreachable. */
const ANSWER_AGE_MS = 60_000;
const SILENT_MS = 24 * 3_600_000;
const WAITING_MS = 5 * 60_000;
/** Fewer attempts tell nothing. */
const LEAST_ATTEMPTS = 5;

/** What the facts mean. Pure. */
export function assess(facts: ChannelFacts, now: Date): ChannelStatus {
  const findings = findingsOf(facts, now).toSorted((a, b) => weight(b) - weight(a));
  return { ...facts, findings, state: stateOf(facts, findings, now) };
}

function findingsOf(facts: ChannelFacts, now: Date): Finding[] {
  if (facts.keptOffBy) return [{ problem: 'kept-off', detail: facts.keptOffBy }];
  if (facts.network === undefined) return [{ problem: 'channel-off', detail: String(facts.waiting) }];
  const found: Finding[] = [];
  if (facts.answer) {
    const isOld = now.getTime() - facts.answer.at.getTime() > ANSWER_AGE_MS;
    found.push(...(isOld ? [{ problem: 'unreachable' } as const] : facts.answer.findings));
  }
  const silentMs = facts.lastInboundAt ? now.getTime() - facts.lastInboundAt.getTime() : 0;
  if (facts.alarmAfterSilenceMs !== undefined && silentMs > facts.alarmAfterSilenceMs)
    found.push({ problem: 'silent-too-long' });
  const attempts = facts.accepted + facts.failed;
  if (attempts >= LEAST_ATTEMPTS && facts.failed * 2 > attempts)
    found.push({ problem: 'sending-fails', detail: `${facts.failed} / ${attempts}` });
  const waitingMs = facts.waitingSince ? now.getTime() - facts.waitingSince.getTime() : 0;
  if (waitingMs > WAITING_MS) found.push({ problem: 'deliveries-wait', detail: String(facts.waiting) });
  return found;
}

function stateOf(facts: ChannelFacts, findings: readonly Finding[], now: Date): ChannelState {
  const [worst] = findings;
  if (worst) return CHANNEL_PROBLEMS[worst.problem];
  if (facts.canBeAsked && !facts.answer) return 'unknown';
  const last = facts.lastInboundAt;
  return last && now.getTime() - last.getTime() <= SILENT_MS ? 'working' : 'silent';
}

function weight({ problem }: Finding): number {
  return CHANNEL_PROBLEMS[problem] === 'broken' ? 1 : 0;
}
