import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { ROOT } from '../version.ts';
import { parse, type Run, UsageError } from './command.ts';

/** The network whose files are copied: real code, so that it is checked like the rest. */
const TEMPLATE = 'template';
const LIST = 'gateway/connectors/index.ts';
const SETTINGS = 'config/hub.yaml';

/** `okno connector new`: makes a connector of a small made-up network, which passes the conformance suite as it is. */
export const create: Run = async (argv, { stdout }) => {
  const { positionals } = parse(argv, { allowPositionals: true, options: {} });
  const [name, ...more] = positionals;
  if (!name || more.length > 0) throw new UsageError("give the network's name, such as `viber`");
  const made = await createConnector(ROOT, name);
  stdout.write(
    `${made.map((path) => `Made ${path}\n`).join('')}Changed ${LIST}\nChanged ${SETTINGS}\n\n` +
      `It passes already: npx vitest run test/conformance/${name}.test.ts\n` +
      'Now make it speak your network: docs/adding-a-connector.md\n',
  );
  return 0;
};

/**
 * Copies the template's files under a new name and lists the network; all or nothing is refused before. Returns the
 * files' paths under `root`. Throws UsageError for a name that cannot be one.
 */
export async function createConnector(root: string, name: string): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9]{1,30}$/.test(name) || !isIdentifier(name))
    throw new UsageError(
      `${name} cannot be a network's name; give 2 to 31 small letters and digits, such as viber`,
    );
  const copies = filesOf(name).map(([from, to]) => ({
    from: join(root, from),
    to: join(root, to),
    path: to,
  }));
  const missing = copies.find(({ from }) => !existsSync(from));
  if (missing) throw new UsageError(`${missing.from} is missing; run this in a clone of the repository`);
  const taken = [`gateway/connectors/${name}`, ...copies.map(({ path }) => path)].find((path) =>
    existsSync(join(root, path)),
  );
  if (taken) throw new UsageError(`${taken} is there already; give another name`);
  for (const { from, to } of copies) {
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, renamed(await readFile(from, 'utf8'), name), { flag: 'wx' });
  }
  await change(join(root, LIST), (list) => listed(list, name));
  await change(join(root, SETTINGS), (settings) => settings + channelOf(name));
  return copies.map(({ path }) => path);
}

/** Whether code may declare something of this name: `class` it may not. Compiles and runs nothing. */
function isIdentifier(name: string): boolean {
  try {
    new Script(`'use strict'; const ${name} = 0;`);
    return true;
  } catch {
    return false;
  }
}

function filesOf(name: string): readonly (readonly [from: string, to: string])[] {
  return [
    ...['index', 'inbound', 'outbound'].map(
      (file) =>
        [`gateway/connectors/${TEMPLATE}/${file}.ts`, `gateway/connectors/${name}/${file}.ts`] as const,
    ),
    [`test/fakes/${TEMPLATE}.ts`, `test/fakes/${name}.ts`],
    [`test/conformance/${TEMPLATE}.ts`, `test/conformance/${name}.test.ts`],
  ];
}

function renamed(text: string, name: string): string {
  return text
    .replaceAll(TEMPLATE, name)
    .replaceAll(capitalized(TEMPLATE), capitalized(name))
    .replaceAll(TEMPLATE.toUpperCase(), name.toUpperCase());
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

async function change(path: string, by: (text: string) => string): Promise<void> {
  await writeFile(path, by(await readFile(path, 'utf8')));
}

/** The list of networks with one more, its imports in the order of their paths. */
function listed(list: string, name: string): string {
  const lines = list.split('\n');
  const isImport = (line: string) => line.startsWith('import ');
  const path = (line: string) => line.slice(line.indexOf("'"));
  const imports = [...lines.filter(isImport), `import { ${name} } from './${name}/index.ts';`];
  const sorted = imports.sort((one, other) => (path(one) < path(other) ? -1 : 1));
  return [...sorted, ...lines.filter((line) => !isImport(line))]
    .join('\n')
    .replace(/\n\];/, `\n  ${name},\n];`);
}

function channelOf(name: string): string {
  const variable = name.toUpperCase();
  return `
  ${name}:
    network: ${name}
    on: \${${variable}_TOKEN:-}
    settings:
      token: \${${variable}_TOKEN:-}
      apiUrl: \${${variable}_API_URL:-}
`;
}
