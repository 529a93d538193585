import { readFileSync } from 'node:fs';
import { dataFile } from '../data-folder.ts';
import { fold } from '../text.ts';

export type Gender = 'm' | 'f';
export type KnownName = { readonly name: string; readonly gender?: Gender };

/** First names by any of their folded forms. */
export type Names = { find(word: string): KnownName | undefined };

const husher = /[гкхжшщч]$/;

/** The cases of a Russian name but the nominative, folded: «маша» → маши, маше, машу, машей, маш... */
function formsOf(name: string, gender: Gender): string[] {
  const folded = fold(name);
  const stem = folded.slice(0, -1);
  const last = folded.at(-1) ?? '';
  if (folded.endsWith('ия')) return ['ии', 'ию', 'ией'].map((ending) => folded.slice(0, -2) + ending);
  if (last === 'а') return [husher.test(stem) ? 'и' : 'ы', 'е', 'у', 'ой', 'ей', 'ою'].map((e) => stem + e);
  if (last === 'я') return ['и', 'е', 'ю', 'ей', 'ею', 'ьей'].map((ending) => stem + ending);
  if (gender === 'f') return last === 'ь' ? ['и', 'ью'].map((ending) => stem + ending) : [];
  if (folded.endsWith('ий')) return ['ия', 'ию', 'ием', 'ии'].map((ending) => folded.slice(0, -2) + ending);
  if (last === 'й' || last === 'ь') return ['я', 'ю', 'ем', 'е'].map((ending) => stem + ending);
  const irregular: Readonly<Record<string, string>> = {
    лев: 'льв',
    павел: 'павл',
    петр: 'петр',
    ванек: 'ваньк',
    витек: 'витьк',
    санек: 'саньк',
    игорек: 'игорьк',
  };
  const root = irregular[folded] ?? folded;
  // Without «о Ренате»: one sends money to Рената, and speaks of Ренат seldom.
  return ['а', 'у', 'ом', 'ем'].map((ending) => root + ending);
}

function readNames(): Names {
  const byForm = new Map<string, KnownName>();
  const lines = (file: string) =>
    readFileSync(dataFile(file), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
  const ambiguous: [string, KnownName][] = [];
  for (const line of lines('ru/names.txt')) {
    const [gender, ...names] = line.split(' ');
    for (const name of names) {
      const known: KnownName = { name, gender: gender === 'f' ? 'f' : 'm' };
      byForm.set(fold(name), known);
      for (const form of formsOf(name, gender === 'f' ? 'f' : 'm')) ambiguous.push([form, known]);
    }
  }
  for (const line of lines('en/names.txt'))
    for (const name of line.split(' ')) byForm.set(fold(name), { name });
  // «Александру» is Александр's and Александра's: the first in the list, and a nominative before any other case.
  for (const [form, known] of ambiguous) if (!byForm.has(form)) byForm.set(form, known);
  return { find: (word) => byForm.get(word) };
}

let shipped: Names | undefined;

/** The names that Okno ships, read at the first call and kept. */
export function shippedNames(): Names {
  shipped ??= readNames();
  return shipped;
}

let surnames: ReadonlySet<string> | undefined;

/** Common English surnames, folded, read at the first call and kept. */
export function shippedSurnames(): ReadonlySet<string> {
  surnames ??= new Set(
    readFileSync(dataFile('en/surnames.txt'), 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .flatMap((line) => line.split(' '))
      .map(fold),
  );
  return surnames;
}

const alsoWords = new Set(
  'вера вере веру веры верой надежда надежде надежду любовь любви роза розе лев слава славе славу will mark bill rose grace may june joy art max pat rich rob sue tim dean gene ray jack drew chase rita мила света свете свету рая рае марк майя тома тому томе тема теме тему ева роман романа романе яна мир лада злата эмма ян люба виктор данила дина дине поля поле полю зоя русик frank faith hope penny robin dawn lily daisy ruby jean miles chip cliff dale'.split(
    ' ',
  ),
);

/** Names that are common words too: «вера», "will". */
export const isAlsoWord = (word: string): boolean => alsoWords.has(word);

/** Whether a folded word is a first name, and hardly anything else. */
export const isPlainlyName = (word: string): boolean =>
  !alsoWords.has(word) && shippedNames().find(word) !== undefined;

/** «Петровичу» → «Петрович», «Ивановой» → «Иванова», «Чайковскому» → «Чайковский»; what we cannot tell stays. */
export function nominative(word: string, gender?: Gender): string {
  const rules: readonly (readonly [RegExp, string, Gender?])[] = [
    [/(вич|ьич|мич)(у|а|ем|ем|е)$/iu, '$1', 'm'],
    [/(вн|чн|шн)(е|ы|у|ой)$/iu, '$1а', 'f'],
    [/([цс]к)(ому|ого|им|ом)$/iu, '$1ий', 'm'],
    [/([цс]к)(ой|ую)$/iu, '$1ая', 'f'],
    [/([оеё]в|[иы]н)(ой|ою)$/iu, '$1а', 'f'],
    [/([оеё]в|[иы]н)у$/iu, gender === 'f' ? '$1а' : '$1'],
    // «Волкова Игоря»: only where the names beside it tell a man.
    ...(gender === 'm' ? ([[/([оеё]в|[иы]н)а$/iu, '$1']] as const) : []),
    [/([оеё]в|[иы]н)(ым|е)$/iu, '$1', 'm'],
  ];
  for (const [pattern, to, only] of rules) {
    if ((!only || !gender || only === gender) && pattern.test(word)) return word.replace(pattern, to);
  }
  return word;
}

/** A dative or accusative of an unknown first name as its likeliest nominative: «Тимуру» → «Тимур», «Ренате» → «Рената». */
export function guessFirstName(word: string, gender?: Gender): string {
  const surname = nominative(word, gender);
  if (surname !== word) return surname;
  if (/[бвгджзклмнпрстфхцчшщ]у$/iu.test(word)) return word.slice(0, -1);
  if (/[бвгджзклмнпрстфхцчшщ]е$/iu.test(word)) return `${word.slice(0, -1)}а`;
  if (/ии$/iu.test(word)) return `${word.slice(0, -1)}я`;
  if (/[аеиоуы]ю$/iu.test(word)) return `${word.slice(0, -1)}й`;
  return word;
}
