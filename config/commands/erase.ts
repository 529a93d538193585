import { counted } from '../../bots/command.ts';
import type { ContactId } from '../../gateway/model/ids.ts';
import { type Erased, eraseContact } from '../../gateway/store/erase.ts';
import { removeFiles } from '../../gateway/store/kept-files.ts';
import { mediaOptions } from '../media.ts';
import { readSettings } from '../settings.ts';
import { ROOT } from '../version.ts';
import { parse, type Run } from './command.ts';
import { onlyId } from './ids.ts';
import { withDatabase } from './store.ts';

/** `okno erase CONTACT`: texts and names of one contact go; facts stay. */
export const run: Run = async (argv, { stdout, stderr }) => {
  const { values, positionals } = parse(argv, {
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const contact = onlyId(positionals) as ContactId;
  const { files } = mediaOptions(readSettings(process.env, ROOT));
  const done = await withDatabase('erase', async (db) => {
    const erased = await eraseContact(db, contact, 'cli', new Date());
    if (erased.outcome === 'erased')
      await removeFiles(db, erased.files, (hash) => files.remove(hash), new Date());
    return erased;
  });
  if (values.json) stdout.write(`${JSON.stringify({ contact, ...done })}\n`);
  else if (done.outcome === 'erased') {
    stdout.write(
      `Erased ${counted(done.texts, 'text')} in ${counted(done.conversations, 'conversation')}.\n`,
    );
  } else stderr.write(`${refusal(done, contact)}\n`);
  return done.outcome === 'erased' ? 0 : 1;
};

function refusal(done: Exclude<Erased, { outcome: 'erased' }>, contact: ContactId): string {
  switch (done.outcome) {
    case 'missing':
      return `There is no contact ${contact}.`;
    case 'held':
      return `Contact ${contact} is under a legal hold; see \`okno retention holds\`.`;
    case 'unfinished':
      return `Conversation ${done.conversation} of this contact is open, or something of it is still to be sent; close it first.`;
  }
}
