import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, stringify } from 'yaml';
import { byIntent, FormatError, type Imported, intentOf } from './format.ts';

/** `[Ann](name)`, `[Ann]{"entity": "name"}`: a word with what it is. https://rasa.com/docs/rasa/nlu-training-data/#entities */
const ANNOTATION = /\[([^\]\n]+)\](?:\([^)\n]*\)|\{[^}\n]*\})/g;

/**
 * Reads the intents of Rasa's NLU training data (https://rasa.com/docs/rasa/training-data-format/#nlu-training-data):
 * `examples` as a block of lines or as a list. Entities stay as their words; lookups, synonyms and regexes are not intents
 * and are skipped.
 * @throws FormatError that names file, line and fix
 */
export function readRasa(content: string, file: string): Imported {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines });
  const lineOf = (offset: number | undefined) => `${file}:${lines.linePos(offset ?? 0).line}`;
  const [error] = document.errors;
  if (error) {
    const reason = error.message.split('\n')[0] ?? '';
    throw new FormatError(lineOf(error.pos[0]), `this is not YAML: ${reason}`, `это не YAML: ${reason}`);
  }
  const root = document.contents;
  const nlu = isMap(root) ? root.get('nlu', true) : undefined;
  if (!isSeq(nlu)) {
    throw new FormatError(file, 'there is no list “nlu” in it', 'в нём нет списка «nlu»');
  }
  return nlu.items.flatMap((item) => {
    if (!isMap(item)) return [];
    const intent = item.get('intent');
    if (typeof intent !== 'string') return [];
    const place = lineOf(item.range?.[0]);
    const about = intentOf(intent, place);
    return examplesOf(item.get('examples', true), place).map((text) => ({ text, ...about }));
  });
}

function examplesOf(examples: Node | undefined, place: string): readonly string[] {
  if (isScalar(examples) && typeof examples.value === 'string') return bulletsOf(examples.value);
  if (isSeq(examples)) {
    return examples.items.flatMap((item) => {
      const text = isMap(item) ? item.get('text') : isScalar(item) ? item.value : undefined;
      return typeof text === 'string' ? bulletsOf(text) : [];
    });
  }
  throw new FormatError(place, 'the intent has no “examples”', 'у намерения нет «examples»');
}

function bulletsOf(block: string): readonly string[] {
  return block
    .split('\n')
    .map((line) =>
      line
        .replace(/^\s*-\s+/, '')
        .replaceAll(ANNOTATION, '$1')
        .trim(),
    )
    .filter(Boolean);
}

/** What would be read as an entity is no more. */
function withoutBrackets(annotation: string): string {
  return annotation.replaceAll(/[[\]]/g, '');
}

/** Writes Rasa's NLU training data. */
export function writeRasa(phrases: Imported): string {
  const nlu = [...byIntent(phrases)].map(([intent, texts]) => ({
    intent,
    examples: texts.map((text) => `- ${text.replaceAll(ANNOTATION, withoutBrackets)}\n`).join(''),
  }));
  return stringify({ version: '3.1', nlu }, { lineWidth: 0 });
}
