import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['gateway', 'bots', 'nlu', 'handoff', 'config'];

/** Files that break a rule, each with what it says, and the rule that must tell. */
const PLANTED = [
  ['gateway-knows-no-other-folder', 'gateway/planted.ts', "import '../bots/target.ts';"],
  ['gateway-knows-no-other-folder', 'gateway/web/planted.tsx', "import '../../handoff/target.ts';"],
  ['gateway-knows-no-other-folder', 'gateway/planted-type.ts', "export type { T } from '../nlu/target.ts';"],
  ['gateway-knows-no-other-folder', 'gateway/planted-lazy.ts', "await import('../config/target.ts');"],
  ['nlu-knows-no-other-folder', 'nlu/planted.ts', "import '../gateway/target.ts';"],
  ['bots-know-gateway-and-nlu', 'bots/planted.ts', "import '../handoff/target.ts';"],
  ['bots-know-gateway-and-nlu', 'bots/planted-config.ts', "import '../config/target.ts';"],
  ['handoff-knows-gateway', 'handoff/planted.ts', "import '../bots/target.ts';"],
  ['handoff-knows-gateway', 'handoff/planted-nlu.ts', "import '../nlu/target.ts';"],
  ['handoff-knows-gateway', 'handoff/planted-config.ts', "import '../config/target.ts';"],
  ['the-product-knows-no-tests', 'config/planted.ts', "import '../test/target.ts';"],
  ['the-model-imports-nothing', 'gateway/model/planted.ts', "import '../target.ts';"],
  ['the-model-imports-nothing', 'gateway/model/planted-package.ts', "import 'pg';"],
  ['the-model-imports-nothing', 'gateway/model/planted-node.ts', "import 'node:fs';"],
  // Told at one of its files: the other one imports it as well.
  ['no-cycles', 'gateway/planted-circle-a.ts', "import './planted-circle-b.ts';"],
  ['no-cycles', 'gateway/planted-circle-b.ts', "import './planted-circle-a.ts';"],
] as const;

const copy = mkdtempSync(join(tmpdir(), 'okno-architecture-'));

beforeAll(() => {
  for (const folder of FOLDERS) {
    const isCode = (path: string) => statSync(path).isDirectory() || ['.ts', '.tsx'].includes(extname(path));
    cpSync(join(ROOT, folder), join(copy, folder), { recursive: true, filter: isCode });
  }
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.web.json', '.dependency-cruiser.cjs']) {
    cpSync(join(ROOT, file), join(copy, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('the import arrows', () => {
  it('hold in the whole house', async () => {
    const { modules, violations } = await check(ROOT);
    // A compiler that the tool does not know makes it read nothing, and find nothing.
    expect(modules).toBeGreaterThan(100);
    expect(violations).toEqual([]);
  }, 120_000);

  it('bite where a file breaks them', async () => {
    for (const folder of [...FOLDERS, 'test']) plant(`${folder}/target.ts`, 'export type T = string;');
    for (const [, path, text] of PLANTED) plant(path, text);
    const { violations } = await check(copy);
    const told = (rule: string, path: string) =>
      violations.some((violation) => violation.startsWith(`${rule}: ${path} ->`));
    const missed = PLANTED.filter(([rule, path]) => rule !== 'no-cycles' && !told(rule, path));
    expect(missed).toEqual([]);
    expect(PLANTED.some(([rule, path]) => rule === 'no-cycles' && told(rule, path))).toBe(true);
  }, 120_000);
});

function plant(path: string, text: string): void {
  const file = join(copy, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
}

/** Reads every module under `root` and says which break a rule: `RULE: FROM -> TO`. */
async function check(root: string): Promise<{ modules: number; violations: string[] }> {
  const options = await extractOptions(join(root, '.dependency-cruiser.cjs'));
  const { output } = await cruise(
    FOLDERS,
    { ...options, baseDir: root, validate: true },
    {},
    { tsConfig: extractTsConfig(join(root, 'tsconfig.web.json')) },
  );
  if (typeof output === 'string') throw new Error('the result came as a text');
  const { totalCruised, violations } = output.summary;
  return {
    modules: totalCruised,
    violations: violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  };
}
