/** What one word of a query is found by. */
export interface SoughtWord {
  /** Any of these; letters and digits only. */
  readonly stems: readonly string[];
  /** What it may have been meant to be, for where none of `stems` stands anywhere. */
  readonly guesses: readonly string[];
  /** What begins with the first stem is meant too. */
  readonly isPrefix: boolean;
}

/** From `start` to before `end`, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How words are made comparable; handed over by whoever knows languages. All functions are pure. */
export interface SearchWords {
  /** The stems of a message, each once; without blanks. */
  ofMessage(text: string): readonly string[];
  /** The words of a query; few. */
  ofQuery(query: string): readonly SoughtWord[];
  /** Where they stand in a text. */
  spansOf(text: string, sought: readonly SoughtWord[]): readonly Span[];
}
