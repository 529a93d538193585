import { expect, test } from 'vitest';
import { parseScripts } from '../../bots/load.ts';
import { describeProblem } from '../../bots/problem.ts';
import { commonYaml } from './sample-scripts.ts';

/** What is said of one script beside a good common.yaml. */
function problemsOf(text: string): string[] {
  const files = [
    { name: 'common.yaml', text: commonYaml },
    { name: 'my.yaml', text },
  ];
  return parseScripts(files).problems.map(describeProblem);
}

const head = 'script: my\ntitle: { ru: мой, en: mine }\n';

test('an error of YAML names its line', () => {
  expect(problemsOf(`${head}steps:\n  - say: { ru: "а, en: b }\n`)[0]).toMatch(/^my\.yaml:\d+: not YAML: /);
});

test('a missing language is named with its place and what to add', () => {
  expect(problemsOf(`${head}steps:\n  - end\n  - say:\n      ru: Привет\n`)).toEqual([
    'my.yaml:5 steps[1].say.en: the text in English is missing; add `en:`',
  ]);
});

test('a misspelt key is named', () => {
  expect(problemsOf(`${head}steps:\n  - say: { ru: а, en: b }\n    choises: values\n`)).toEqual([
    'my.yaml:4 steps[0]: choises is not known here; remove it or check its spelling',
  ]);
});

test('a step that says nothing known, or two things at once', () => {
  expect(problemsOf(`${head}steps:\n  - tell: x\n`)[0]).toMatch(
    /my\.yaml:4 steps\[0\]: a step says exactly one of say, ask/,
  );
  expect(problemsOf(`${head}steps:\n  - say: { ru: а, en: b }\n    handoff: asked\n`)[0]).toMatch(
    /this one says say and handoff/,
  );
});

test('a value that is not possible comes with those that are', () => {
  const slots = 'slots:\n  x:\n    title: { ru: а, en: b }\n    kind: colour\n';
  expect(problemsOf(`${head}${slots}steps:\n  - end\n`)[0]).toMatch(
    /my\.yaml:6 slots\.x\.kind: is not possible; write one of money, /,
  );
});

test('two scripts or steps of one name', () => {
  const files = ['a.yaml', 'b.yaml'].map((name) => ({ name, text: `${head}steps:\n  - end\n` }));
  const twice = parseScripts([{ name: 'common.yaml', text: commonYaml }, ...files]);
  expect(twice.problems.map(describeProblem)).toEqual([
    'b.yaml:1 script: my is already in a.yaml; choose another name',
  ]);
  expect(problemsOf(`${head}steps:\n  - { id: x, end: }\n  - { id: x, end: }\n`)[0]).toMatch(
    /x is the id of two steps/,
  );
});

test('a time is written in words', () => {
  expect(problemsOf(`${head}steps:\n  - wait: 600\n`)[0]).toMatch(/my\.yaml:4 steps\[0\]\.wait/);
  expect(problemsOf(`${head}steps:\n  - wait: 10 minutes\n`)).toEqual([]);
});

test('an empty file, a file of something else, and no common.yaml', () => {
  expect(problemsOf('')[0]).toMatch(/the file is empty; write/);
  expect(problemsOf('hello: 1')[0]).toMatch(/says neither `script:`/);
  expect(parseScripts([]).problems[0]?.message).toMatch(/no file says `common:`/);
});

test.each([
  'a: &a [*a]',
  '&x : *x',
  '? [a]\n: b',
  `a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]`,
  '- 1\n- 2',
  '"text"',
  'script: 5',
  'script: my\nsteps: no',
  '\u0000',
])('broken input is a problem and never a crash: %j', (text) => {
  expect(problemsOf(text).length).toBeGreaterThan(0);
});
