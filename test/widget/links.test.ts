import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLinks } from '../../gateway/connectors/webchat/widget/frame/links.ts';

function addresses(text: string): string[] {
  return findLinks(text).flatMap(({ address }) => address ?? []);
}

describe('links in what the bank says', () => {
  it('finds a plain https address without the point that ends the sentence', () => {
    expect(findLinks('Смотрите https://bank.example/тарифы.')).toEqual([
      { text: 'Смотрите ' },
      {
        text: 'https://bank.example/тарифы',
        address: 'https://bank.example/%D1%82%D0%B0%D1%80%D0%B8%D1%84%D1%8B',
      },
      { text: '.' },
    ]);
  });

  it('leaves the bracket around an address out, and one that the address opened in', () => {
    expect(addresses('(https://bank.example/a)')).toEqual(['https://bank.example/a']);
    expect(addresses('https://bank.example/a_(b)')).toEqual(['https://bank.example/a_(b)']);
  });

  it.each([
    'http://bank.example',
    'javascript:alert(1)',
    'data:text/html,<b>',
    'bank.example',
    'https://',
    'https://bank.example@elsewhere.example/',
    'https://user:secret@elsewhere.example/',
    'https://bank.example/\u202Egpj.exe',
  ])('leaves %j as text', (text) => {
    expect(addresses(text)).toEqual([]);
  });

  it('loses nothing of any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom(' ', '.', 'https://', ')'))),
        (parts) => {
          const text = parts.join('');
          expect(
            findLinks(text)
              .map((piece) => piece.text)
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });
});
