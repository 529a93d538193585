import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { formats, renamedIn } from '../formats/format.ts';
import { readTraining, writeTraining } from '../formats/index.ts';
import { readBytes } from '../read-file.ts';
import { type Command, required, run, text, UsageError } from './frame.ts';

const importHelp = `okno nlu import --from FILE --out FILE.tsv

Reads training data of another product and writes lines text<TAB>intent, which okno nlu train takes.

  --from FILE       TSV, NLU training data of Rasa (.yml), or an agent of Dialogflow ES (.zip)
  --out FILE        where to write the lines; what is out of scope has the intent none
`;

const exportHelp = `okno nlu export --data FILE.tsv --format tsv|rasa|dialogflow --out FILE

Writes training data for another product.

  --data FILE       lines text<TAB>intent, or any file that okno nlu import reads
  --format FORMAT   tsv, rasa (YAML) or dialogflow (ES, a zip)
  --out FILE        where to write it
`;

/** `okno nlu import` */
export const importCommand: Command = (argv, io) =>
  run(argv, io, importHelp, { from: text, out: text }, (given) => {
    const from = required(given, 'from');
    convert(from, 'tsv', required(given, 'out'), io.stdout);
  });

/** `okno nlu export` */
export const exportCommand: Command = (argv, io) =>
  run(argv, io, exportHelp, { data: text, format: text, out: text }, (given) => {
    const asked = required(given, 'format');
    const format = formats.find((one) => one === asked);
    if (!format) throw new UsageError(`--format is ${asked}; give one of ${formats.join(', ')}`);
    convert(required(given, 'data'), format, required(given, 'out'), io.stdout);
  });

function convert(
  from: string,
  format: (typeof formats)[number],
  out: string,
  stdout: { write(line: string): unknown },
): void {
  const phrases = readTraining(readBytes(from), basename(from));
  writeFileSync(out, writeTraining(phrases, format));
  const intents = new Set(phrases.map(({ label }) => label)).size;
  for (const renamed of renamedIn(phrases)) stdout.write(`intent “${renamed.from}” is now ${renamed.to}\n`);
  stdout.write(`${out}: ${phrases.length} phrases, ${intents} intents\n`);
}
