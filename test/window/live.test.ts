import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from './desk-server.ts';
import { hasBrowser, openBench, type WindowBench } from './open-window.ts';
import { soon } from './soon.ts';

const ME = { kind: 'operator', operator: PEOPLE.operator.id, name: PEOPLE.operator.name } as const;
const QUEUE = { kind: 'queue', queue: 'main' } as const;

let bench: WindowBench;
let page: Page;
let id: string;
beforeAll(async () => {
  bench = await openBench();
  id = bench.server.state.open({
    owner: ME,
    contact: { id: PEOPLE.reader.id, name: 'Анна', evidence: 'claimed' },
  });
  bench.server.state.clientSays(id, 'начало');
  page = await bench.open();
  await bench.signIn(page, `/window/desk/${id}?view=mine`);
  await page.getByRole('log').getByText('начало').waitFor();
  await soon(() => expect(bench.server.state.watchers.size).toBe(1));
});
afterAll(() => bench.stop());

const log = () => page.getByRole('log');

describe.skipIf(!hasBrowser)('the live connection', () => {
  it('says when it is lost, and brings everything that came meanwhile', async () => {
    const { state } = bench.server;
    bench.server.cutLive(true);
    await page.getByText('Связь потеряна, восстанавливаем…').waitFor();
    for (let number = 1; number <= 250; number += 1) state.clientSays(id, `пока не было связи ${number}`);
    const other = state.open({ contact: { id: PEOPLE.reader.id, name: 'Новый', evidence: 'claimed' } });
    state.own(other, QUEUE, 'asked');
    bench.server.cutLive(false);
    await page.getByRole('button', { name: 'Сейчас' }).click();
    await page.getByText('Связь потеряна, восстанавливаем…').waitFor({ state: 'hidden' });
    await log().getByText('пока не было связи 250').waitFor();
    await page.getByRole('navigation').getByRole('button', { name: 'Очередь 1' }).waitFor();
  });

  it('comes back by itself', async () => {
    bench.server.cutLive();
    await soon(() => expect(bench.server.state.watchers.size).toBe(1));
    bench.server.state.clientSays(id, 'снова на связи');
    await log().getByText('снова на связи').waitFor();
  });

  it('reads from the API what a heartbeat says is missing', async () => {
    const { state } = bench.server;
    const [watcher] = state.watchers;
    if (!watcher) throw new Error('no page is connected');
    const { send } = watcher;
    // The frame with the new line is lost on the way; the next heartbeat carries the head.
    watcher.send = (frame) => {
      if (frame.type !== 'items') send(frame);
    };
    state.clientSays(id, 'потерянный кадр');
    await log().getByText('потерянный кадр').waitFor();
    watcher.send = send;
  });

  it('passes over frames that it does not know', async () => {
    const [watcher] = bench.server.state.watchers;
    watcher?.send({ type: 'weather', rain: true } as never);
    bench.server.state.clientSays(id, 'после незнакомого');
    await log().getByText('после незнакомого').waitFor();
  });

  it('loses nothing over a reload, and a second tab shows the same', async () => {
    await page.reload();
    await log().getByText('после незнакомого').waitFor();
    const second = await bench.open({ beside: page });
    await second.goto(page.url());
    await second.getByRole('log').getByText('после незнакомого').waitFor();
    bench.server.state.clientSays(id, 'обеим вкладкам');
    await log().getByText('обеим вкладкам').waitFor();
    await second.getByRole('log').getByText('обеим вкладкам').waitFor();
    await second.close();
  });

  it('counts what waits for an answer in the title of the page', async () => {
    await soon(async () => expect(await page.title()).toBe('(1) Диалоги · Okno'));
  });
});
