import { describe, expect, test } from 'vitest';
import { createPageSender, type PageSocket } from '../../handoff/live/page-socket.ts';

/** A network that takes what it was sent only when the test says so. */
function stalledSocket() {
  const sent: { text: string; done: () => void }[] = [];
  let unsent = 0;
  let isTerminated = false;
  const socket: PageSocket = {
    get bufferedAmount() {
      return unsent;
    },
    send(text, done) {
      unsent += text.length;
      sent.push({
        text,
        done: () => {
          unsent -= text.length;
          done();
        },
      });
    },
    ping() {},
    close() {},
    terminate() {
      isTerminated = true;
    },
  };
  let taken = 0;
  return {
    socket,
    texts: () => sent.map(({ text }) => text),
    /** The network takes everything that was sent up to now. */
    take() {
      for (const { done } of sent.slice(taken)) {
        taken++;
        done();
      }
    },
    isTerminated: () => isTerminated,
  };
}

const LARGE = 'x'.repeat(200_000);

describe('a slow page', () => {
  test('gets only the newest of each row once it takes something again, and nothing fleeting', () => {
    const network = stalledSocket();
    const page = createPageSender(network.socket);
    void page.deliver(LARGE);
    for (let revision = 1; revision <= 100; revision++) page.update('row a', `a${revision}`);
    page.update('row b', 'b1');
    page.tell('typing');
    expect(network.texts()).toEqual([LARGE]);
    network.take();
    expect(network.texts()).toEqual([LARGE, 'a100', 'b1']);
    page.update('row a', 'a101');
    page.tell('typing');
    expect(network.texts().slice(3)).toEqual(['a101', 'typing']);
  });

  test('holds back what must arrive until it takes something', async () => {
    const network = stalledSocket();
    const page = createPageSender(network.socket);
    const steps: string[] = [];
    const telling = (async () => {
      await page.deliver('small');
      steps.push('small is on its way');
      await page.deliver(LARGE);
      steps.push('large was taken');
    })();
    await Promise.resolve();
    await Promise.resolve();
    expect(steps).toEqual(['small is on its way']);
    network.take();
    await telling;
    expect(steps).toEqual(['small is on its way', 'large was taken']);
  });

  test('is given up when more waits than is worth sending', () => {
    const network = stalledSocket();
    const page = createPageSender(network.socket);
    void page.deliver(LARGE);
    for (let row = 0; row < 1_000; row++) page.update(`row ${row}`, 'x');
    expect([page.isOpen, network.isTerminated()]).toEqual([true, false]);
    page.update('row 1000', 'x');
    expect([page.isOpen, network.isTerminated()]).toEqual([false, true]);
    page.update('row 1001', 'x');
    network.take();
    expect(network.texts()).toEqual([LARGE]);
  });
});
