/** Russian names by their cases: which nominative a form may have. The rules of «Русская грамматика» (1980), §§ 1171-1203. */

export type Gender = 'm' | 'f';
export type Case = 'nom' | 'gen' | 'dat' | 'acc' | 'ins' | 'pre';

/** What a word of a name may be: its nominative, whose, and the case that it stands in. Without a gender: either's. */
export type NameForm = { readonly name: string; readonly gender?: Gender; readonly case: Case };

const husher = /[гкхжшщч]$/;
const sharp = /[жшщчц]$/;

/** Stems that lose their vowel: «Павел», «Павла». */
const shortStems: Readonly<Record<string, string>> = {
  лев: 'льв',
  павел: 'павл',
  ванек: 'ваньк',
  витек: 'витьк',
  санек: 'саньк',
  васек: 'васьк',
  игорек: 'игорьк',
  сашок: 'сашк',
};

/** The cases of a first name but the nominative, folded: «маша» → маши, маше, машу, машей. */
export function firstNameForms(name: string, gender: Gender): (readonly [string, Case])[] {
  const last = name.at(-1) ?? '';
  const stem = name.slice(0, -1);
  const withEndings = (base: string, ...endings: readonly (readonly [Case, string])[]) =>
    endings.map(([inCase, ending]) => [base + ending, inCase] as const);
  if (name.endsWith('ия')) return withEndings(stem, ['gen', 'и'], ['dat', 'и'], ['acc', 'ю'], ['ins', 'ей']);
  if (last === 'а') {
    const ins = sharp.test(stem) ? 'ей' : 'ой';
    return withEndings(
      stem,
      ['gen', husher.test(stem) ? 'и' : 'ы'],
      ['dat', 'е'],
      ['acc', 'у'],
      ['ins', ins],
    );
  }
  if (last === 'я') return withEndings(stem, ['gen', 'и'], ['dat', 'е'], ['acc', 'ю'], ['ins', 'ей']);
  if (gender === 'f') return last === 'ь' ? withEndings(stem, ['gen', 'и'], ['dat', 'и'], ['ins', 'ью']) : [];
  if (last === 'й' || last === 'ь')
    return withEndings(
      stem,
      ['gen', 'я'],
      ['acc', 'я'],
      ['dat', 'ю'],
      ['ins', 'ем'],
      ['pre', last === 'й' && stem.endsWith('и') ? 'и' : 'е'],
    );
  if (/[бвгджзклмнпрстфхцчшщ]$/.test(name)) {
    const root = shortStems[name] ?? name;
    // Without «о Ренате»: one sends money to Рената, and speaks of Ренат seldom.
    return withEndings(
      root,
      ['gen', 'а'],
      ['acc', 'а'],
      ['dat', 'у'],
      ['ins', sharp.test(root) ? 'ем' : 'ом'],
    );
  }
  return [];
}

type Rule = readonly [RegExp, string, Gender | undefined, readonly Case[]];

const patronymics: readonly Rule[] = [
  [/(вич|[ьм]ич|кич)$/iu, '$1', 'm', ['nom']],
  [/(вич|[ьм]ич|кич)а$/iu, '$1', 'm', ['gen', 'acc']],
  [/(вич|[ьм]ич|кич)у$/iu, '$1', 'm', ['dat']],
  [/(вич|[ьм]ич|кич)[еоё]м$/iu, '$1', 'm', ['ins']],
  [/(вич|[ьм]ич|кич)е$/iu, '$1', 'm', ['pre']],
  [/([оеё]вн|ичн|инишн)а$/iu, '$1а', 'f', ['nom']],
  [/([оеё]вн|ичн|инишн)ы$/iu, '$1а', 'f', ['gen']],
  [/([оеё]вн|ичн|инишн)е$/iu, '$1а', 'f', ['dat', 'pre']],
  [/([оеё]вн|ичн|инишн)у$/iu, '$1а', 'f', ['acc']],
  [/([оеё]вн|ичн|инишн)ой$/iu, '$1а', 'f', ['ins']],
];

const surnames: readonly Rule[] = [
  [/([оеё]в|[иы]н)$/iu, '$1', 'm', ['nom']],
  [/([оеё]в|[иы]н)а$/iu, '$1а', 'f', ['nom']],
  [/([оеё]в|[иы]н)а$/iu, '$1', 'm', ['gen', 'acc']],
  [/([оеё]в|[иы]н)у$/iu, '$1', 'm', ['dat']],
  [/([оеё]в|[иы]н)у$/iu, '$1а', 'f', ['acc']],
  [/([оеё]в|[иы]н)(?:ой|ою)$/iu, '$1а', 'f', ['gen', 'dat', 'ins', 'pre']],
  [/([оеё]в|[иы]н)ым$/iu, '$1', 'm', ['ins']],
  [/([оеё]в|[иы]н)е$/iu, '$1', 'm', ['pre']],
  [/([цс]к)ий$/iu, '$1ий', 'm', ['nom']],
  [/([цс]к)ого$/iu, '$1ий', 'm', ['gen', 'acc']],
  [/([цс]к)ому$/iu, '$1ий', 'm', ['dat']],
  [/([цс]к)им$/iu, '$1ий', 'm', ['ins']],
  [/([цс]к)ом$/iu, '$1ий', 'm', ['pre']],
  [/([цс]к)ая$/iu, '$1ая', 'f', ['nom']],
  [/([цс]к)ой$/iu, '$1ая', 'f', ['gen', 'dat', 'ins', 'pre']],
  [/([цс]к)ую$/iu, '$1ая', 'f', ['acc']],
  [/(енко|швили|дзе|[ыи]х)$/iu, '$1', undefined, ['nom', 'gen', 'dat', 'acc', 'ins', 'pre']],
];

/** Endings that many names have, of words that no list knows. */
const guesses: readonly Rule[] = [
  [/ии$/iu, 'ия', 'f', ['dat', 'gen']],
  [/ию$/iu, 'ия', 'f', ['acc']],
  [/([аеиоуы])ю$/iu, '$1й', 'm', ['dat']],
  [/([аеиоуы])я$/iu, '$1й', 'm', ['gen', 'acc']],
  [/([бвгджзклмнпрстфхцчшщ])$/iu, '$1', 'm', ['nom']],
  [/([бвгджзклмнпрстфхцчшщ])у$/iu, '$1', 'm', ['dat']],
  [/([бвгджзклмнпрстфхцчшщ])у$/iu, '$1а', 'f', ['acc']],
  [/([бвгджзклмнпрстфхцчшщ])е$/iu, '$1а', 'f', ['dat', 'pre']],
  [/([бвгджзклмнпрстфхцчшщ])а$/iu, '$1а', 'f', ['nom']],
  [/([бвгджзклмнпрстфхцчшщ])а$/iu, '$1', 'm', ['gen', 'acc']],
  [/([бвдзлмнпрстф])ы$/iu, '$1а', 'f', ['gen']],
  [/([гкхжшщч])и$/iu, '$1а', 'f', ['gen']],
  [/([бвгджзклмнпрстфхцчшщ])ом$/iu, '$1', 'm', ['ins']],
  [/([бвгдзклмнпрстфх])ой$/iu, '$1а', 'f', ['ins']],
];

const byRules = (word: string, rules: readonly Rule[]): NameForm[] =>
  rules.flatMap(([pattern, to, gender, cases]) =>
    pattern.test(word)
      ? cases.map((inCase) => ({ name: word.replace(pattern, to), case: inCase, ...(gender && { gender }) }))
      : [],
  );

/** «Петровичу», «Сергеевны»; none for what does not look like a patronymic. */
export const patronymicForms = (word: string): NameForm[] => byRules(word, patronymics);

/** «Ивановой», «Чайковскому», «Шевченко»; none for what has no surname's ending. */
export const surnameForms = (word: string): NameForm[] => byRules(word, surnames);

/** What an unlisted name may be: «Тимуру» → «Тимур», «Ренате» → «Рената». */
export const guessForms = (word: string): NameForm[] => byRules(word, guesses);

/**
 * The nominatives of the words of one name, which agree in case and gender where they can.
 * @param words what each word may be; not empty
 * @param order the cases, the likeliest first
 */
export function agreed(words: readonly (readonly NameForm[])[], order: readonly Case[]): string[] {
  const [single, ...others] = words;
  if (single && others.length === 0) {
    const likeliest = order.map((inCase) => single.find((form) => form.case === inCase)).find(Boolean);
    return [(likeliest ?? single[0])?.name ?? ''];
  }
  for (const inCase of order) {
    for (const gender of ['m', 'f'] as const) {
      const chosen = words.map((forms) =>
        forms.find((form) => form.case === inCase && (!form.gender || form.gender === gender)),
      );
      if (chosen.every((form) => form !== undefined)) return chosen.map(({ name }) => name);
    }
  }
  return words.map((forms) => forms[0]?.name ?? '');
}
