import { z } from 'zod';
import { CHANNEL_PROBLEM_NAMES } from '../connectors/health.ts';
import { isStorable, STORABLE } from '../storable-text.ts';

/** The REST API of channels: how they are, and the self-test. */

const at = z.iso.datetime();
const finding = z.object({
  problem: z.enum(CHANNEL_PROBLEM_NAMES),
  /** The network's own words, a number, or the name of the policy pack. */
  detail: z.string().optional(),
});

const channelStatus = z.object({
  channel: z.string(),
  /** Absent where the channel is off: something of it still waits, or the policy pack keeps it off. */
  network: z.string().optional(),
  state: z.enum(['working', 'silent', 'troubled', 'broken', 'off', 'unknown']),
  /** The worst first. */
  findings: z.array(finding),
  /** What the network calls us. */
  account: z.string().optional(),
  answeredAt: at.optional(),
  lastInboundAt: at.optional(),
  /** Attempts of the last ten minutes. */
  accepted: z.number().int(),
  failed: z.number().int(),
  waiting: z.number().int(),
  waitingSince: at.optional(),
});
export type ShownChannel = z.infer<typeof channelStatus>;
export const channelList = z.object({ channels: z.array(channelStatus) });

/** `thread`: where a test message goes, as the network names the place; without it to the channel itself, where it can. */
export const testRequest = z.object({
  thread: z.string().trim().min(1).max(200).refine(isStorable, STORABLE).optional(),
});
const STEPS = ['settings', 'network', 'address', 'inbound', 'outbound'] as const;
export const testResult = z.object({
  steps: z.array(
    z.object({
      step: z.enum(STEPS),
      /** `skipped`: there is nothing to try here; `waiting`: a person has to do something first. */
      outcome: z.enum(['passed', 'failed', 'skipped', 'waiting']),
      findings: z.array(finding),
      detail: z.string().optional(),
    }),
  ),
});
export type TestResult = z.infer<typeof testResult>;
export type TestStep = TestResult['steps'][number];
