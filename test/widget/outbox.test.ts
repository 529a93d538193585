import { describe, expect, it } from 'vitest';
import { createOutbox } from '../../gateway/connectors/webchat/widget/frame/outbox.ts';
import { createFrameStorage } from '../../gateway/connectors/webchat/widget/frame/storage.ts';
import { createBrowserStorage } from './browser-storage.ts';

const HOUR = 60 * 60 * 1000;

describe('unsent messages', () => {
  it('come back in the order they were written, in another page of the same browser', () => {
    const browser = createBrowserStorage();
    const here = createOutbox(createFrameStorage(browser, 'webchat'));
    here.put({ id: 'z', text: 'first', at: 1 });
    here.put({ id: 'a', text: 'second', at: 2, choice: 'yes' });
    const there = createOutbox(createFrameStorage(browser, 'webchat'));
    expect(there.list(3).map(({ text }) => text)).toEqual(['first', 'second']);
    there.remove('z');
    expect(here.list(3).map(({ text }) => text)).toEqual(['second']);
  });

  it('are not sent by themselves after an hour', () => {
    const outbox = createOutbox(createFrameStorage(createBrowserStorage(), 'webchat'));
    outbox.put({ id: 'a', text: 'transfer 500 to Ann', at: 0 });
    expect(outbox.list(HOUR)[0]?.failure).toBeUndefined();
    expect(outbox.list(HOUR + 1)[0]?.failure).toBe('stale');
  });

  it('of another channel, and what is no message, are left alone', () => {
    const browser = createBrowserStorage();
    browser.setItem('okno:webchat:out:x', '{"id":1}');
    browser.setItem('okno:webchat:out:y', 'not json');
    browser.setItem('okno:other:out:z', '{"id":"z","text":"t","at":1}');
    const outbox = createOutbox(createFrameStorage(browser, 'webchat'));
    expect(outbox.list(1)).toEqual([]);
    outbox.clear();
    expect(browser.getItem('okno:other:out:z')).not.toBeNull();
  });

  it.each([
    ['is forbidden', undefined],
    ['is full', createBrowserStorage(0)],
  ])('last as long as the page where storage %s', (_, browser) => {
    const outbox = createOutbox(createFrameStorage(browser, 'webchat'));
    outbox.put({ id: 'a', text: 'hello', at: 1 });
    expect(outbox.list(1)).toHaveLength(1);
    outbox.remove('a');
    expect(outbox.list(1)).toEqual([]);
  });
});
