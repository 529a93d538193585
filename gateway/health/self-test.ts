import type { Connector } from '../connectors/connector.ts';
import type { ChannelHealth, Finding } from '../connectors/health.ts';
import { newId } from '../ids.ts';
import type { DeliveryId } from '../model/ids.ts';
import type { TestStep } from './api.ts';
import type { ChannelStatus } from './assess.ts';

const SEND_LIMIT_MS = 15_000;
const TEST_TEXT = 'Okno: проверка канала / channel test';
const ABOUT_ADDRESS = new Set<Finding['problem']>([
  'webhook-missing',
  'webhook-elsewhere',
  'webhook-failing',
]);

export interface SelfTest {
  readonly connector: Connector;
  readonly status: ChannelStatus;
  /** What the network says now; undefined where it cannot be asked. */
  readonly health?: ChannelHealth;
  /** Where a test message goes. */
  readonly thread?: string;
}

/** Tries a channel step by step. The only thing that it changes is the test message, where there is a place for it. */
export async function testChannel({ connector, status, health, thread }: SelfTest): Promise<TestStep[]> {
  const findings = health?.findings ?? [];
  const network = findings.filter(({ problem }) => !ABOUT_ADDRESS.has(problem));
  const address = findings.filter(({ problem }) => ABOUT_ADDRESS.has(problem));
  return [
    // The hub has refused to start with settings that do not fit the network.
    { step: 'settings', outcome: 'passed', findings: [] },
    step('network', health, network, health?.account),
    step('address', health, address),
    {
      step: 'inbound',
      outcome: status.lastInboundAt ? 'passed' : 'waiting',
      findings: [],
      ...(health?.account && { detail: health.account }),
    },
    await sendTest(connector, thread ?? health?.ownThread),
  ];
}

function step(
  name: 'network' | 'address',
  health: ChannelHealth | undefined,
  findings: readonly Finding[],
  detail?: string,
): TestStep {
  const outcome = !health ? 'skipped' : findings.length > 0 ? 'failed' : 'passed';
  return { step: name, outcome, findings: [...findings], ...(detail && { detail }) };
}

async function sendTest(connector: Connector, thread: string | undefined): Promise<TestStep> {
  if (!thread) return { step: 'outbound', outcome: 'skipped', findings: [] };
  const key = `${newId<DeliveryId>()}:0` as const;
  const part = { kind: 'text', key, externalThread: thread, text: TEST_TEXT } as const;
  const sent = await connector
    .send(part, AbortSignal.timeout(SEND_LIMIT_MS))
    .catch(() => ({ outcome: 'unknown', reason: 'connector-failed' }) as const);
  const detail = sent.outcome === 'accepted' ? sent.externalId : sent.reason;
  return {
    step: 'outbound',
    outcome: sent.outcome === 'accepted' ? 'passed' : 'failed',
    findings: [],
    ...(detail && { detail }),
  };
}
