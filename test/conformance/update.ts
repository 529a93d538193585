// `npm run conformance [FILES]`: runs the suites, and writes what they came to into docs/channels.md.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../config/version.ts';
import { writeChannelsPage } from './channels-page.ts';
import { suitesByNetwork } from './results.ts';

const given = process.argv.slice(2);
const all = Object.keys(suitesByNetwork()).map((network) => `test/conformance/${network}.test.ts`);
const reporters = ['--reporter=default', '--reporter=./test/conformance/results-reporter.ts'];
const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...(given.length > 0 ? given : all)],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, OKNO_UPDATE_DOCS: '1' } },
);
if (status === 0) writeChannelsPage();
process.exitCode = status ?? 1;
