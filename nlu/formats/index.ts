import { readDialogflow, writeDialogflow } from './dialogflow.ts';
import { type Format, FormatError, type Imported, maxFileBytes } from './format.ts';
import { readRasa, writeRasa } from './rasa.ts';
import { readTsv, writeTsv } from './tsv.ts';

/** A phrase is one line of at most so many characters. */
const MAX_LENGTH = 500;

/** Tells the format of a file by its first bytes and its name. */
function formatOf(bytes: Uint8Array, file: string): Format {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'dialogflow';
  return /\.ya?ml$/i.test(file) ? 'rasa' : 'tsv';
}

/**
 * Reads training data of any format that we know: each text once, the last intent that it is given counts.
 * @param file its name, which tells the format and stands in error texts
 * @throws FormatError that names file, line and fix
 */
export function readTraining(bytes: Uint8Array, file: string): Imported {
  if (bytes.length > maxFileBytes) {
    const most = maxFileBytes / 1_000_000;
    throw new FormatError(
      file,
      `it is larger than ${most} MB; divide it`,
      `он больше ${most} МБ; разделите его`,
    );
  }
  const format = formatOf(bytes, file);
  const phrases =
    format === 'dialogflow'
      ? readDialogflow(bytes, file)
      : format === 'rasa'
        ? readRasa(decode(bytes, file), file)
        : readTsv(decode(bytes, file), file);
  if (phrases.length === 0) throw new FormatError(file, 'there are no phrases in it', 'в нём нет фраз');
  const long = phrases.find(({ text }) => text.length > MAX_LENGTH);
  if (long) {
    const shown = `${long.text.slice(0, 40)}…`;
    throw new FormatError(
      file,
      `the phrase “${shown}” is longer than ${MAX_LENGTH} characters; shorten it`,
      `фраза «${shown}» длиннее ${MAX_LENGTH} знаков; сократите её`,
    );
  }
  const byText = new Map(phrases.map(({ text, ...about }) => [text.replaceAll(/\s+/g, ' '), about]));
  return [...byText].map(([text, about]) => ({ text, ...about }));
}

/** Writes training data; out of scope has the label `none`. */
export function writeTraining(phrases: Imported, format: Format): Uint8Array {
  if (format === 'dialogflow') return writeDialogflow(phrases);
  return Buffer.from(format === 'rasa' ? writeRasa(phrases) : writeTsv(phrases));
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FormatError(file, 'it is not UTF-8; save it as UTF-8', 'он не в UTF-8; сохраните его в UTF-8');
  }
}
