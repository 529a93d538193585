import { basename } from 'node:path';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';
import { CASES, RECORDED, WITHOUT_SENDING } from './failures.ts';
import { type Result, type Results, readResults, writeResults } from './results.ts';

/** Writes what each suite of the run came to into results.json, where all of the run stood. */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], _errors: unknown, reason: string): void {
    if (reason === 'passed') writeResults({ ...readResults(), ...resultsOf(modules) });
  }
}

function resultsOf(modules: readonly TestModule[]): Results {
  return Object.fromEntries(
    modules.map((module) => {
      const suites = [...module.children.allSuites()].filter(isConformance);
      const results = suites.map((suite) => [suite.name, casesOf(suite)] as const);
      return [basename(module.moduleId, '.test.ts'), Object.fromEntries(results)];
    }),
  );
}

function isConformance(suite: TestSuite): boolean {
  return [...suite.children.tests()].some(({ name }) => name === CASES.repeats);
}

function casesOf(suite: TestSuite): Readonly<Record<string, Result>> {
  return Object.fromEntries(RECORDED.map((title) => [title, resultOf(suite, title)]));
}

function resultOf(suite: TestSuite, title: string): Result {
  const test = [...suite.children.tests()].find(({ name }) => name === title);
  const why = WITHOUT_SENDING[suite.name];
  if (!test && why) return { leftOut: why };
  const result = test?.result();
  if (result?.state === 'passed' && test?.meta().refused) return { refused: true };
  if (result?.state === 'passed') return test?.meta().upTo ? { upTo: test.meta().upTo } : {};
  if (result?.state === 'skipped' && result.note) return { leftOut: result.note };
  throw new Error(`${suite.name} did not run "${title}"; are its Debian packages installed?`);
}
