import { once } from 'node:events';
import { linesOf } from '../lines.ts';
import { decodeModel, type Model } from '../model.ts';
import { readBytes } from '../read-file.ts';
import { shippedModel } from '../shipped.ts';
import { createUnderstanding } from '../understand.ts';
import { type Command, flag, run, text } from './frame.ts';

const predictHelp = `okno nlu predict [--model MODEL]

Reads one text a line from standard input and writes one JSON a line:
{"text","language","intent","confidence","alternatives":[{"intent","confidence"}],"entities":[{"kind","text","start","end","value"}]}

  --model MODEL     a model made by okno nlu train (default: the one that ships, of the demo bank)
  --json            accepted, and changes nothing: the output is JSON
`;

function modelOf(file: string | boolean | undefined): Model {
  return typeof file === 'string' ? decodeModel(readBytes(file), file) : shippedModel();
}

/** `okno nlu predict` */
export const predictCommand: Command = (argv, io) =>
  run(argv, io, predictHelp, { model: text, json: flag }, async (given) => {
    const { understand } = createUnderstanding(modelOf(given.model));
    for await (const line of linesOf(io.stdin)) {
      const { text, language, intent, confidence, alternatives, entities, model } = understand(line);
      const json = JSON.stringify({ text, language, intent, confidence, alternatives, entities, model });
      if (!io.stdout.write(`${json}\n`)) await once(io.stdout, 'drain');
    }
  });
