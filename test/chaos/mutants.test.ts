import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../config/version.ts';
import { edited, MUTANTS } from './mutants.ts';

it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  'a hub with its %s can be made of this build',
  (_name, { edits }) => {
    expect(edits.length).toBeGreaterThan(0);
    for (const edit of edits) {
      const text = readFileSync(join(ROOT, 'dist', edit.file), 'utf8');
      expect(edited(text, edit)).not.toBe(text);
    }
  },
);

it('a mutant whose text has gone from the build is told, not passed over', () => {
  const edit = { file: 'a.js', from: 'guard();', to: '' };
  expect(() => edited('other();', edit)).toThrow('a.js');
  expect(() => edited('guard(); guard();', edit)).toThrow('a.js');
});
