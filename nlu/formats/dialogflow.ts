import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { none } from '../model.ts';
import { isCyrillic } from '../text.ts';
import { byIntent, FormatError, type Imported, intentOf } from './format.ts';

/** What all files of an agent may come to when they are unpacked. */
const MAX_UNPACKED = 30_000_000;
const MAX_FILES = 5_000;
const SAID = /^(?:.*\/)?intents\/(.+)_usersays_[A-Za-z-]+\.json$/;
const INTENT = /^(?:.*\/)?intents\/(.+)\.json$/;

/**
 * Reads the intents of an agent of Dialogflow ES, exported as a zip: `intents/NAME_usersays_LANGUAGE.json`
 * (https://cloud.google.com/dialogflow/es/docs/reference/rest/v2/projects.agent/export). What its fallback intents were
 * given is out of scope. What says that it unpacks to more than 30 MB, or to more than 5000 files, is not unpacked at all.
 * @throws FormatError that names the file within and the fix
 */
export function readDialogflow(bytes: Uint8Array, file: string): Imported {
  const entries = unpack(bytes, file);
  const fallbacks = new Set(
    Object.entries(entries).flatMap(([path, content]) => {
      const name = SAID.test(path) ? undefined : INTENT.exec(path)?.[1];
      return name !== undefined && isFallback(json(content, `${file}/${path}`)) ? [name] : [];
    }),
  );
  const said = Object.entries(entries).flatMap(([path, content]) => {
    const name = SAID.exec(path)?.[1];
    return name === undefined ? [] : [{ name, place: `${file}/${path}`, content }];
  });
  if (said.length === 0) {
    throw new FormatError(
      file,
      'there is no intents/NAME_usersays_LANGUAGE.json in it; export the agent of Dialogflow ES as a zip',
      'в нём нет intents/NAME_usersays_LANGUAGE.json; выгрузите агента Dialogflow ES в zip',
    );
  }
  return said.flatMap(({ name, place, content }) => {
    const about = fallbacks.has(name) ? { label: none } : intentOf(name, place);
    return textsOf(json(content, place), place).map((text) => ({ text, ...about }));
  });
}

function unpack(bytes: Uint8Array, file: string): Record<string, Uint8Array> {
  let files = 0;
  let unpacked = 0;
  try {
    return unzipSync(bytes, {
      // Asked before an entry is unpacked; more than it says of itself it never gets.
      filter({ name, originalSize }) {
        files += 1;
        if (!INTENT.test(name)) return false;
        unpacked += originalSize;
        if (files > MAX_FILES || unpacked > MAX_UNPACKED) {
          throw new FormatError(
            file,
            `it unpacks to more than ${MAX_FILES} files or ${MAX_UNPACKED / 1_000_000} MB; divide it`,
            `в нём больше ${MAX_FILES} файлов или ${MAX_UNPACKED / 1_000_000} МБ; разделите его`,
          );
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(file, 'this is not a whole zip', 'это не целый zip');
  }
}

function json(content: Uint8Array, place: string): unknown {
  try {
    return JSON.parse(strFromU8(content));
  } catch {
    throw new FormatError(place, 'this is not JSON', 'это не JSON');
  }
}

function isFallback(intent: unknown): boolean {
  return (
    typeof intent === 'object' &&
    intent !== null &&
    'fallbackIntent' in intent &&
    intent.fallbackIntent === true
  );
}

/** A phrase is a list of pieces, those that are entities among them. */
function textsOf(said: unknown, place: string): readonly string[] {
  if (!Array.isArray(said)) {
    throw new FormatError(place, 'this is not a list of phrases', 'это не список фраз');
  }
  return said.flatMap((one: unknown) => {
    const pieces = typeof one === 'object' && one !== null && 'data' in one ? one.data : undefined;
    if (!Array.isArray(pieces)) return [];
    const text = pieces
      .map((piece: unknown) =>
        typeof piece === 'object' && piece !== null && 'text' in piece && typeof piece.text === 'string'
          ? piece.text
          : '',
      )
      .join('')
      .replaceAll(/\s+/g, ' ')
      .trim();
    return text ? [text] : [];
  });
}

/** Writes an agent of Dialogflow ES, in Russian and English. */
export function writeDialogflow(phrases: Imported): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  const put = (path: string, value: unknown) => {
    files[path] = strToU8(JSON.stringify(value, null, 2));
  };
  put('package.json', { version: '1.0.0' });
  put('agent.json', { language: 'ru', supportedLanguages: ['en'] });
  for (const [name, texts] of byIntent(phrases)) {
    put(`intents/${name}.json`, { name, auto: true, fallbackIntent: name === none });
    for (const language of ['ru', 'en'] as const) {
      const said = texts.filter((text) => languageOf(text) === language);
      if (said.length === 0) continue;
      put(
        `intents/${name}_usersays_${language}.json`,
        said.map((text) => ({ data: [{ text, userDefined: false }], isTemplate: false, count: 0 })),
      );
    }
  }
  // The same phrases give the same bytes.
  return zipSync(files, { mtime: '2020-01-01' });
}

const languageOf = (text: string) => ([...text.toLowerCase()].some(isCyrillic) ? 'ru' : 'en');
