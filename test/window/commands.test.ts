import { describe, expect, it } from 'vitest';
import { searchCommands } from '../../gateway/web/commands/search.ts';
import { keyCaps } from '../../gateway/web/keyboard.ts';
import { layoutReadings } from '../../gateway/web/keyboard-layout.ts';

const COMMANDS = [
  { id: 'next', titles: ['Следующий диалог', 'Next conversation'] },
  { id: 'close', titles: ['Завершить диалог', 'Close the conversation'] },
  { id: 'note', titles: ['Написать заметку', 'Write a note'] },
  { id: 'pyotr', titles: ['Пётр Ким'], hint: 'Открыть диалог' },
];
const found = (typed: string) => searchCommands(COMMANDS, typed).map(({ id }) => id);

describe('the command search', () => {
  it('finds a command in Russian and in English', () => {
    expect(found('завер')).toEqual(['close']);
    expect(found('clo')).toEqual(['close']);
  });

  it('finds what was typed on the wrong layout, both ways', () => {
    expect(found('pfdth')).toEqual(['close']);
    expect(found('сдщыу')).toEqual(['close']);
  });

  it('takes е for ё', () => {
    expect(found('петр')).toEqual(['pyotr']);
    expect(found('gtnh')).toEqual(['pyotr']);
  });

  it('wants every word, in any order, and puts beginnings first', () => {
    expect(found('диалог след')).toEqual(['next']);
    expect(found('диалог')).toEqual(['next', 'close', 'pyotr']);
    expect(found('написать')).toEqual(['note']);
  });

  it('finds everything for nothing and nothing for nonsense', () => {
    expect(found(' ')).toHaveLength(COMMANDS.length);
    expect(found('ъъъ')).toEqual([]);
  });
});

describe('layouts', () => {
  it('reads the same keys on QWERTY and ЙЦУКЕН', () => {
    expect(layoutReadings('Ghbdtn')).toContain('привет');
    expect(layoutReadings('руддщ')).toContain('hello');
  });
});

describe('key caps', () => {
  it('are those of the person’s keyboard', () => {
    expect(keyCaps('$mod+KeyK', false)).toEqual(['Ctrl', 'K']);
    expect(keyCaps('Alt+KeyJ', true)).toEqual(['⌥', 'J']);
  });
});
