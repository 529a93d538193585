import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { encodeModel } from '../model.ts';
import { readPhrases } from '../phrases.ts';
import { readText } from '../read-file.ts';
import { type Command, flag, optionalTexts, required, run, text, trainFrom } from './frame.ts';

const trainHelp = `okno nlu train --data FILE.tsv [--oos FILE.tsv] [--oos-share 0.18] --out MODEL

Trains a model of intents from lines text<TAB>label, in any language.

  --data FILE       training phrases
  --oos FILE        texts that belong to no intent, one a line (a label behind a tab is ignored)
  --oos-share N     the share of such texts to expect in use, 0 to 0.9; it sets the threshold of "none" (0.18)
  --seed N          the same phrases and seed give the same model (1)
  --out MODEL       where to write the model
  --json            print the summary as one JSON line
`;

/** `okno nlu train` */
export const trainCommand: Command = (argv, io) =>
  run(
    argv,
    io,
    trainHelp,
    { data: text, oos: text, 'oos-share': text, seed: text, out: text, json: flag },
    (given) => {
      const data = required(given, 'data');
      const out = required(given, 'out');
      const phrases = readPhrases(readText(data), data);
      const startedAt = performance.now();
      const outOfScope = optionalTexts(given.oos);
      const model = trainFrom(data, phrases, outOfScope, given);
      const bytes = encodeModel(model);
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(`${out}.partial`, bytes);
      renameSync(`${out}.partial`, out);
      const intents = model.labels.length - (outOfScope.length > 0 ? 1 : 0);
      const ms = Math.round(performance.now() - startedAt);
      io.stdout.write(
        given.json
          ? `${JSON.stringify({ model: model.id, out, texts: phrases.length, outOfScope: outOfScope.length, intents, bytes: bytes.length, ms })}\n`
          : `${out}: ${phrases.length} phrases, ${intents} intents, ${outOfScope.length} out of scope, ${(bytes.length / 1e6).toFixed(1)} MB, ${(ms / 1000).toFixed(1)} s, version ${model.id}\n`,
      );
    },
  );
