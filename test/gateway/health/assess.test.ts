import { describe, expect, it } from 'vitest';
import { assess, type ChannelFacts } from '../../../gateway/health/assess.ts';
import type { ChannelId } from '../../../gateway/model/ids.ts';

const now = new Date('2026-03-02T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const well: ChannelFacts = {
  channel: 'telegram' as ChannelId,
  network: 'telegram',
  answer: { findings: [], at: ago(10) },
  canBeAsked: true,
  lastInboundAt: ago(60),
  accepted: 10,
  failed: 0,
  waiting: 0,
};
const look = (facts: Partial<ChannelFacts>) => {
  const { state, findings } = assess({ ...well, ...facts }, now);
  return [state, ...findings.map(({ problem }) => problem)];
};

describe('a channel', () => {
  it('works where its network is content and something came in lately', () => {
    expect(look({})).toEqual(['working']);
    expect(look({ canBeAsked: false, answer: undefined })).toEqual(['working']);
  });

  it('is silent where nothing came in for a day, or ever', () => {
    expect(look({ lastInboundAt: ago(25 * 3600) })).toEqual(['silent']);
    expect(look({ lastInboundAt: undefined })).toEqual(['silent']);
  });

  it('is not known before its network was asked', () => {
    expect(look({ answer: undefined })).toEqual(['unknown']);
  });

  it('is broken by what the network says, the worst first', () => {
    const findings = [{ problem: 'backlog' }, { problem: 'unauthorized' }] as const;
    expect(look({ answer: { findings, at: ago(5) } })).toEqual(['broken', 'unauthorized', 'backlog']);
    expect(look({ answer: { findings: [{ problem: 'backlog' }], at: ago(5) } })).toEqual([
      'troubled',
      'backlog',
    ]);
  });

  it('is broken where the last answer is older than a minute, whatever it was', () => {
    expect(look({ answer: { findings: [], at: ago(61) } })).toEqual(['broken', 'unreachable']);
  });

  it('is in trouble where most attempts fail, once there were some', () => {
    expect(look({ accepted: 2, failed: 3 })).toEqual(['troubled', 'sending-fails']);
    expect(look({ accepted: 3, failed: 2 })).toEqual(['working']);
    expect(look({ accepted: 0, failed: 4 })).toEqual(['working']);
  });

  it('is broken where it has been silent for longer than its settings call usual', () => {
    const alarmAfterSilenceMs = 30 * 60_000;
    expect(look({ alarmAfterSilenceMs, lastInboundAt: ago(1_801) })).toEqual(['broken', 'silent-too-long']);
    expect(look({ alarmAfterSilenceMs, lastInboundAt: ago(1_799) })).toEqual(['working']);
    expect(look({ alarmAfterSilenceMs, lastInboundAt: undefined })).toEqual(['silent']);
  });

  it('is in trouble where a delivery has waited for minutes', () => {
    expect(look({ waiting: 2, waitingSince: ago(301) })).toEqual(['troubled', 'deliveries-wait']);
    expect(look({ waiting: 2, waitingSince: ago(299) })).toEqual(['working']);
  });

  it('is broken where it is off and something of it waits', () => {
    expect(look({ network: undefined, waiting: 1, waitingSince: ago(1) })).toEqual(['broken', 'channel-off']);
  });

  it('is off, not broken, where the policy pack keeps it so, and the pack is named', () => {
    const facts = { network: undefined, keptOffBy: 'ru-bank', waiting: 2, waitingSince: ago(3600) } as const;
    expect(look(facts)).toEqual(['off', 'kept-off']);
    expect(assess({ ...well, ...facts }, now).findings).toEqual([{ problem: 'kept-off', detail: 'ru-bank' }]);
  });
});
