import type { SearchWords } from '../handoff/search/words.ts';
import { spansOf, wordsOfMessage, wordsOfQuery } from '../nlu/search-words.ts';

/** How the desk's search compares words. */
export const searchWords: SearchWords = { ofMessage: wordsOfMessage, ofQuery: wordsOfQuery, spansOf };
