import { describe, expect, it } from 'vitest';
import { readToFrame, readToPage } from '../../gateway/connectors/webchat/widget/bridge.ts';

describe('between the page and the frame', () => {
  it('what is ours is understood', () => {
    expect(readToFrame({ okno: 1, type: 'identify', token: null })).toEqual({
      type: 'identify',
      token: null,
    });
    expect(readToFrame({ okno: 1, type: 'shown', focus: true })).toEqual({
      type: 'shown',
      focus: true,
      fullScreen: false,
    });
    expect(readToPage({ okno: 1, type: 'unread', count: 2 })).toEqual({ type: 'unread', count: 2 });
  });

  it.each([
    undefined,
    null,
    'hidden',
    { type: 'hidden' },
    { okno: 1 },
    { okno: 1, type: 'unread', count: '2' },
    { okno: 1, type: 'identify', token: 5 },
    { okno: 1, type: 'locale', locale: 'de' },
    { okno: 1, type: 'later' },
  ])('%j is nobody’s', (data) => {
    expect(readToFrame(data)).toBeUndefined();
    expect(readToPage(data)).toBeUndefined();
  });
});
