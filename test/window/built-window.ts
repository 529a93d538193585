import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = ['config/console', 'gateway', 'handoff', 'bots/training', 'package-lock.json'];
const BUILDS = join(ROOT, 'node_modules/.cache/okno-window');

/** The folder of the window's pages, built from the sources as they are now; built once for all test files. */
export async function builtWindow(): Promise<string> {
  const wanted = join(BUILDS, fingerprint());
  if (existsSync(wanted)) return wanted;
  mkdirSync(BUILDS, { recursive: true });
  const fresh = join(BUILDS, `building-${process.pid}`);
  await build({
    configFile: join(ROOT, 'config/console/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: fresh },
  });
  try {
    renameSync(fresh, wanted);
  } catch {
    // Another test file was faster.
    rmSync(fresh, { recursive: true, force: true });
  }
  return wanted;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const visit = (path: string) => {
    const stat = statSync(join(ROOT, path));
    if (stat.isDirectory()) for (const name of readdirSync(join(ROOT, path)).sort()) visit(join(path, name));
    else hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const source of SOURCES) visit(source);
  return hash.digest('hex').slice(0, 16);
}
