import { readFileSync } from 'node:fs';
import { dataFile } from '../data-folder.ts';
import { fold } from '../text.ts';
import { firstNameForms, type Gender, type NameForm } from './declension.ts';

export type KnownName = { readonly name: string; readonly gender?: Gender };

/** First names by any of their folded forms. */
export type Names = {
  find(word: string): KnownName | undefined;
  /** All that a form may be, a nominative first; none for a name in Latin letters. */
  forms(word: string): readonly NameForm[];
};

const linesOf = (file: string): string[] =>
  readFileSync(dataFile(file), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));

function readNames(): Names {
  const byForm = new Map<string, NameForm[]>();
  const put = (form: string, known: NameForm) => {
    const others = byForm.get(form);
    if (others) others.push(known);
    else byForm.set(form, [known]);
  };
  const oblique: [string, NameForm][] = [];
  for (const line of linesOf('ru/names.txt')) {
    const [mark, ...names] = line.split(' ');
    const gender: Gender = mark === 'f' ? 'f' : 'm';
    for (const name of names) {
      put(fold(name), { name, gender, case: 'nom' });
      for (const [form, inCase] of firstNameForms(fold(name), gender))
        oblique.push([form, { name, gender, case: inCase }]);
    }
  }
  // «Александру» is Александр's and Александра's: a nominative stands before any other case, then the list's order.
  for (const [form, known] of oblique) put(form, known);
  const latin = new Map(
    linesOf('en/names.txt').flatMap((line) => line.split(' ').map((name) => [fold(name), { name }] as const)),
  );
  return {
    find: (word) => byForm.get(word)?.[0] ?? latin.get(word),
    forms: (word) => byForm.get(word) ?? [],
  };
}

let shipped: Names | undefined;

/** The names that Okno ships, read at the first call and kept. */
export function shippedNames(): Names {
  shipped ??= readNames();
  return shipped;
}

let surnames: ReadonlySet<string> | undefined;

/** Common surnames, English ones and masculine Russian ones in the nominative; folded, read at the first call and kept. */
export function shippedSurnames(): ReadonlySet<string> {
  surnames ??= new Set(
    ['en/surnames.txt', 'ru/surnames.txt']
      .flatMap((file) => linesOf(file).flatMap((line) => line.split(' ')))
      .map(fold),
  );
  return surnames;
}

const alsoWords = new Set(
  'вера вере веру веры верой надежда надежде надежду любовь любви роза розе лев слава славе славу will mark bill rose grace may june joy art max pat rich rob sue tim dean gene ray jack drew chase rita мила света свете свету рая рае марк майя тома тому томе тема теме тему ева роман романа романе яна мир лада злата эмма ян люба любой любе любу виктор данила дина дине поля поле полю полей зоя русик frank faith hope penny robin dawn lily daisy ruby jean miles chip cliff dale марта марте марту спартак спартака рада раде раду рады радой ада аду лука луку гор гора гору ника нике ислам лайма галка галку галки галке галочка галочку галочки галочке вали вале гали лили лени кости костей дани сани мани вики вари варе толи муза музу линда мага магу моника оскар али белла леон левой лева леве леву дания дании данию ната нате султан алмаз веста весты весте весту сева ара ии тит фрол шура юрок стелла виола забава забаву посева jan ivy hazel olive eve hunter parker tucker chad chelsea madison milan carry troy pete preston tanner blake harper violet jun ming kay lou fay mae rae dee jo sid ned beau trey kitty sherman annie julio cesar jada lana lola eve stu avery'.split(
    ' ',
  ),
);

/** Names that are common words too: «вера», "will". */
export const isAlsoWord = (word: string): boolean => alsoWords.has(word);

/** Whether a folded word is a first name, and hardly anything else. */
export const isPlainlyName = (word: string): boolean =>
  !alsoWords.has(word) && shippedNames().find(word) !== undefined;

let otherNames: RegExp | undefined;

/** Whether a folded word begins like the name of a bank, a shop, a service or a country: «тинькофф», "netflix". */
export function isNobody(word: string): boolean {
  otherNames ??= new RegExp(
    `^(?:${linesOf('not-people.txt')
      .flatMap((line) => line.split(' '))
      .join('|')})`,
  );
  return otherNames.test(word);
}
