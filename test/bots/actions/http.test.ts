import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ActionDefinitions } from '../../../bots/actions/definition.ts';
import { createHttpPerformer } from '../../../bots/actions/http.ts';
import { createDemoBankService, type DemoBankService } from '../../../config/demo/bank.ts';
import { createDemoBank } from '../../../config/demo/core.ts';
import type { ActionCall, PerformAction } from '../../../gateway/actions.ts';
import { newId } from '../../../gateway/ids.ts';
import type { ActionId, IdentityId } from '../../../gateway/model/ids.ts';
import { scripts } from '../talk.ts';

let service: DemoBankService;
let perform: PerformAction;
let root: string;
let actions: ActionDefinitions;
let code = 123_456;

beforeAll(async () => {
  actions = (await scripts()).actions;
  service = createDemoBankService(createDemoBank({ now: () => new Date(), newCode: () => String(code++) }));
  root = await service.listen();
  perform = createHttpPerformer({ actions, root, fetch });
});
afterEach(() => service.heal());
afterAll(() => service.close());

function call(name: string, parameters: Record<string, unknown>, more: Partial<ActionCall> = {}): ActionCall {
  return {
    id: newId<ActionId>(),
    name,
    parameters,
    identity: newId<IdentityId>(),
    evidence: 'bank-authenticated',
    customer: 'demo-anna',
    locale: 'ru',
    signal: AbortSignal.timeout(10_000),
    ...more,
  };
}

const transfer = { account_type: 'checking', amount: '100.00', recipient_name: 'Маша' };
async function balance(): Promise<unknown> {
  const shown = await perform(call('check_balance', { account_type: 'checking' }));
  return shown.outcome === 'done' ? (shown.result as { balance: string }).balance : shown;
}

test('moves money once for one call, however often it arrives', async () => {
  const once = call('transfer_money', transfer);
  const before = Number(await balance());
  const first = await perform(once);
  expect(first).toMatchObject({ outcome: 'done', result: { amount: '100.00' } });
  expect(await perform(once)).toEqual(first);
  expect(Number(await balance())).toBeCloseTo(before - 100, 2);
});

test('takes the customer from the hub and never from a parameter', async () => {
  const shown = await perform(call('check_balance', { account_type: 'savings', customer: 'demo-rustam' }));
  expect(shown).toMatchObject({ outcome: 'done', result: { balance: '412000.00' } });
  const { customer: _, ...nobody } = call('check_balance', { account_type: 'savings' });
  expect(await perform(nobody)).toMatchObject({ outcome: 'refused', code: 'no-customer' });
});

test('passes on why the bank refused', async () => {
  const much = { ...transfer, amount: '400000.00' };
  expect(await perform(call('transfer_money', much))).toMatchObject({
    outcome: 'refused',
    code: 'insufficient-funds',
  });
  service.fail('transfer_money', { kind: 'refuse', code: 'unknown-recipient' });
  expect(await perform(call('transfer_money', transfer))).toMatchObject({ code: 'unknown-recipient' });
});

test('failed: the bank took nothing in (503)', async () => {
  service.fail('transfer_money', { kind: 'unavailable' });
  expect(await perform(call('transfer_money', transfer))).toEqual({ outcome: 'failed', code: 'unavailable' });
});

test('failed: no connection was made', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const address = closed.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await new Promise((resolve) => closed.close(resolve));
  const away = createHttpPerformer({ actions, root: `http://127.0.0.1:${port}`, fetch });
  expect(await away(call('transfer_money', transfer))).toEqual({ outcome: 'failed', code: 'unreachable' });
});

test('unknown: the money has gone but the answer broke off, and it is not sent again', async () => {
  const before = Number(await balance());
  service.fail('transfer_money', { kind: 'cut' });
  expect(await perform(call('transfer_money', transfer))).toMatchObject({ outcome: 'unknown' });
  expect(Number(await balance())).toBeCloseTo(before - 100, 2);
});

test('unknown: an error of the bank after which nobody knows', async () => {
  service.fail('transfer_money', { kind: 'error', status: 500 });
  expect(await perform(call('transfer_money', transfer))).toEqual({
    outcome: 'unknown',
    reason: 'status-500',
  });
});

test('unknown: no answer within the time limit; failed where the call changes nothing', async () => {
  service.fail('transfer_money', { kind: 'hang' });
  service.fail('check_balance', { kind: 'hang' });
  const late = () => ({ signal: AbortSignal.timeout(50) });
  expect(await perform(call('transfer_money', transfer, late()))).toEqual({
    outcome: 'unknown',
    reason: 'timeout',
  });
  expect(await perform(call('check_balance', { account_type: 'checking' }, late()))).toEqual({
    outcome: 'failed',
    code: 'timeout',
  });
});

test('asks again where the answer of a repeatable call broke off', async () => {
  service.fail('check_balance', { kind: 'cut' }, 1);
  expect(await perform(call('check_balance', { account_type: 'savings' }))).toMatchObject({
    outcome: 'done',
  });
});

test('waits for a slow bank', async () => {
  service.fail('check_balance', { kind: 'latency', ms: 30 });
  expect(await perform(call('check_balance', { account_type: 'savings' }))).toMatchObject({
    outcome: 'done',
  });
});

test('a right code proves the client; the number goes to the hub and not to the script', async () => {
  const identity = newId<IdentityId>();
  const { customer: _, ...claimed } = call('send_code', {}, { identity, evidence: 'claimed' });
  expect(await perform(claimed)).toMatchObject({ outcome: 'done' });
  const shown: { code: string }[] = await (await fetch(`${root}/demo/codes`)).json();
  const wrong = { ...claimed, id: newId<ActionId>(), name: 'check_code', parameters: { code: '000000' } };
  expect(await perform(wrong)).toMatchObject({ outcome: 'refused', code: 'wrong-code' });
  const right = { ...wrong, id: newId<ActionId>(), parameters: { code: shown[0]?.code } };
  expect(await perform(right)).toEqual({
    outcome: 'done',
    result: {},
    proves: { evidence: 'code-confirmed', customer: `demo-${identity}`, how: 'code' },
  });
});

test('an action that nobody defined was certainly not done', async () => {
  expect(await perform(call('rob_bank', {}))).toEqual({ outcome: 'failed', code: 'unknown-action' });
});
