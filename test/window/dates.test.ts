import { describe, expect, it } from 'vitest';
import { dayTitle, durationText, shortTime } from '../../gateway/web/dates.ts';

const NOW = new Date(2026, 10, 23, 15, 0).getTime();
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();
const plain = (text: string | undefined) => text?.replaceAll(/\s/g, ' ');

describe('dates', () => {
  it('name a day by how far it is', () => {
    expect(dayTitle(at(2026, 10, 23, 0, 1), NOW, 'ru')).toBe('Сегодня');
    expect(dayTitle(at(2026, 10, 22, 23, 59), NOW, 'ru')).toBe('Вчера');
    expect(dayTitle(at(2026, 10, 21, 12, 0), NOW, 'ru')).toBe('21 ноября');
    expect(dayTitle(at(2025, 10, 21, 12, 0), NOW, 'en')).toBe('21 November 2025');
    expect(dayTitle(at(2026, 10, 22, 12, 0), NOW, 'en')).toBe('Yesterday');
  });

  it('give the shortest time that still says when', () => {
    expect(shortTime(at(2026, 10, 23, 9, 5), NOW, 'ru')).toBe('09:05');
    expect(shortTime(at(2026, 10, 22, 9, 5), NOW, 'ru')).toBe('вчера');
    expect(shortTime(at(2026, 9, 2, 9, 5), NOW, 'en')).toBe('2 Oct');
  });

  it('take a clock that runs a little ahead for now', () => {
    expect(shortTime(at(2026, 10, 24, 0, 1), NOW, 'ru')).toBe('00:01');
  });

  it('say how long in one unit or two', () => {
    const minutes = (count: number) => plain(durationText(count * 60_000, 'ru'));
    expect(minutes(0.9)).toBeUndefined();
    expect(minutes(5)).toBe('5 мин');
    expect(minutes(80)).toBe('1 ч 20 мин');
    expect(minutes(120)).toBe('2 ч');
    expect(minutes(60 * 24 * 3)).toBe('3 дн.');
  });
});
