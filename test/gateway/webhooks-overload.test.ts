import { afterEach, expect, test } from 'vitest';
import type { Connector } from '../../gateway/connectors/connector.ts';
import { createHttp } from '../../gateway/http.ts';
import { OverloadedError } from '../../gateway/load.ts';
import { createLog } from '../../gateway/log.ts';
import { createMetrics } from '../../gateway/metrics.ts';
import type { ChannelId } from '../../gateway/model/ids.ts';
import { webhooks } from '../../gateway/webhooks.ts';
import { scriptedNetwork } from '../fixtures/scripted-network.ts';

const CHANNEL = 'scripted' as ChannelId;
let close = async () => {};
afterEach(() => close());

/** The route of a channel's webhook under an overload; tells what was read, and what was refused. */
async function overloaded(receipts: 'native' | 'none') {
  const read: string[] = [];
  const refused: string[] = [];
  const network = scriptedNetwork();
  const { capabilities } = network.definition;
  const app = await createHttp({
    log: createLog('silent'),
    metrics: createMetrics(),
    version: '0',
    isReady: async () => true,
  });
  close = () => app.close();
  const connector: Connector = {
    receive: ({ body }) => {
      read.push(Buffer.from(body).toString());
      return { authentic: true, inbound: [] };
    },
    send: async () => ({ outcome: 'rejected', reason: 'nothing is sent here' }),
  };
  let isOver = false;
  await app.register(webhooks, {
    connectors: new Map([[CHANNEL, connector]]),
    receive: async () => {
      if (!isOver) throw new OverloadedError();
      return [];
    },
    capabilitiesOf: () => ({ ...capabilities, abilities: { ...capabilities.abilities, receipts } }),
    isTooMuch: () => !isOver,
    log: createLog('silent'),
    onRefused: (channel, reason) => void refused.push(`${channel} ${reason}`),
  });
  const post = async (payload: string) => {
    const { statusCode, headers, json } = await app.inject({
      method: 'POST',
      url: `/channels/${CHANNEL}/webhook`,
      payload,
    });
    return statusCode === 200
      ? [200]
      : [statusCode, headers['retry-after'], headers['content-type'], json().code];
  };
  const end = () => {
    isOver = true;
  };
  return { read, refused, post, end };
}

const PUT_OFF = [503, '2', 'application/problem+json; charset=utf-8', 'overloaded'];

test('a webhook that can bring no receipts is put off before it is read, and taken when it comes again', async () => {
  const { read, refused, post, end } = await overloaded('none');
  expect(await post('{"one":1}')).toEqual(PUT_OFF);
  expect([read, refused]).toEqual([[], ['scripted overloaded']]);
  end();
  expect(await post('{"one":1}')).toEqual([200]);
  expect([read, refused]).toEqual([['{"one":1}'], ['scripted overloaded']]);
});

test('one that may bring receipts is read first', async () => {
  const { read, refused, post } = await overloaded('native');
  expect(await post('{"two":2}')).toEqual(PUT_OFF);
  expect([read, refused]).toEqual([['{"two":2}'], ['scripted overloaded']]);
});
