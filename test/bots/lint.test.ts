import { expect, test } from 'vitest';
import { lintScripts } from '../../bots/lint.ts';
import { parseScripts } from '../../bots/load.ts';
import { describeProblem } from '../../bots/problem.ts';
import { commonYaml, helpers } from './sample-scripts.ts';

const actions = `
actions:
  prove: { path: /prove, needs: nothing, repeatable: true, timeout_ms: 1000 }
  pay: { path: /pay, parameters: { amount: true }, needs: nothing, repeatable: false, timeout_ms: 1000 }
`;
const base = [
  { name: 'common.yaml', text: commonYaml },
  { name: 'actions.yaml', text: actions },
  ...helpers.map((text, at) => ({ name: `helper-${at}.yaml`, text })),
];

function lint(script: string, intents?: string[]): string[] {
  const text = `script: my\ntitle: { ru: мой, en: mine }\n${script}`;
  const parsed = parseScripts([...base, { name: 'my.yaml', text }]);
  if (!parsed.set) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return lintScripts(parsed.set, intents).map(describeProblem);
}
const amount = 'slots:\n  amount: { title: { ru: Сумма, en: Amount }, kind: money }\n';
const askAmount = '  - ask: amount\n    text: { ru: Сколько?, en: How much? }\n';
const confirm = '  - ask: confirm\n    text: { ru: "{amount}?", en: "{amount}?" }\n';

test('a good script has nothing to be said of it', () => {
  expect(lint(`${amount}steps:\n${askAmount}${confirm}  - call: pay\n`)).toEqual([]);
});

test('a call that cannot be repeated needs a confirmation on every way to it', () => {
  expect(lint(`${amount}steps:\n${askAmount}  - call: pay\n`)).toEqual([
    'my.yaml:8 steps[1].call: pay cannot be repeated, so it needs `ask: confirm` on every way to it',
  ]);
  const around = `  - branch: [{ if: { value: amount, is: "1.00" }, go: pay }]\n${confirm}  - id: pay\n    call: pay\n`;
  expect(lint(`${amount}steps:\n${askAmount}${around}`).join()).toMatch(/pay cannot be repeated/);
  const onNo = `${confirm.replace('ask: confirm', 'ask: confirm\n    no: pay')}  - id: pay\n    call: pay\n`;
  expect(lint(`${amount}steps:\n${askAmount}${onNo}`).join()).toMatch(/pay cannot be repeated/);
});

test('a step that leads nowhere, and one that nothing leads to', () => {
  const problems = lint('steps:\n  - say: { ru: а, en: b }\n    go: gone\n  - say: { ru: в, en: c }\n');
  expect(problems[0]).toBe('my.yaml:5 steps[0].go: there is no step gone; give a step `id: gone`');
  expect(problems[1]).toMatch(/my\.yaml:6 steps\[1\]: nothing leads to the step say-1/);
});

test('a loop without input', () => {
  const loop = 'steps:\n  - id: a\n    say: { ru: а, en: b }\n  - say: { ru: в, en: c }\n    go: a\n';
  expect(lint(loop)[0]).toMatch(/comes back to itself without asking the client anything/);
  expect(lint(`${amount}steps:\n${askAmount}  - set: { amount: null }\n    go: ask.amount\n`)).toEqual([]);
});

test('names that nothing has: slots, actions, parameters, scripts, forms, texts', () => {
  expect(lint('steps:\n  - ask: size\n    text: { ru: а, en: b }\n')[0]).toMatch(
    /steps\[0\]\.ask: size is no slot of this script/,
  );
  expect(lint('steps:\n  - call: fly\n')[0]).toMatch(/there is no action fly; actions\.yaml has prove, pay/);
  expect(lint('steps:\n  - call: prove\n    with: { speed: "5" }\n')[0]).toMatch(
    /prove has no parameter speed/,
  );
  expect(lint(`steps:\n${confirm.replaceAll('{amount}', 'ok')}  - call: pay\n`)[0]).toMatch(
    /pay needs amount; ask for it/,
  );
  expect(lint('steps:\n  - end: { text: { ru: а, en: b }, offer: [gone] }\n')[0]).toMatch(
    /there is no script gone/,
  );
  expect(lint('steps:\n  - say: { ru: "{sum}", en: b }\n')[0]).toMatch(
    /say\.ru: \{sum\} is neither a slot nor a called action/,
  );
  expect(lint(`${amount}steps:\n${askAmount}  - say: { ru: "{amount.from}", en: b }\n`)[0]).toMatch(
    /no value of amount has a form from/,
  );
});

test('a button that does nothing, does two things, opens no https address, has no text, or asks where nobody listens', () => {
  const say = (choice: string) => `steps:\n  - say: { ru: а, en: b }\n    choices:\n      - ${choice}\n`;
  const label = 'text: { ru: Ещё, en: More }';
  const fault = (script: string): string => {
    try {
      return lint(script).join('\n');
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  expect(lint(say(`{ link: "https://bank.example/terms", ${label} }`))).toEqual([]);
  expect(fault(say(`{ link: "http://bank.example", ${label} }`))).toBe(
    'my.yaml:6 steps[0].choices[0].link: is not an address that begins with https://',
  );
  expect(fault(say('{ link: "https://bank.example" }'))).toMatch(
    /my\.yaml:6 steps\[0\]\.choices\[0\]\.text: a button needs a text/,
  );
  expect(fault(say(`{ ${label} }`))).toMatch(/steps\[0\]\.choices\[0\]: say one of go, link, share/);
  expect(fault(say(`{ go: cancel, share: contact, ${label} }`))).toMatch(/say one of go, link, share/);
  expect(fault(say(`{ share: contact, ${label} }`))).toBe(
    'my.yaml:6 steps[0].choices[0].share: what is shared needs a question that takes it; put it under an ask for a slot of kind phone',
  );
  const ask = (kind: string, share: string) =>
    `slots:\n  it: { title: { ru: а, en: b }, kind: ${kind} }\nsteps:\n  - ask: it\n    text: { ru: а, en: b }\n    choices: [{ share: ${share}, ${label} }]\n`;
  expect(lint(ask('phone', 'contact'))).toEqual([]);
  expect(lint(ask('location', 'location'))).toEqual([]);
  expect(fault(ask('phone', 'location'))).toMatch(/put it under an ask for a slot of kind location/);
});

test('intents that the model does not know, or that start two scripts', () => {
  expect(lint('when: { intents: [fly] }\nsteps:\n  - end\n', ['people', 'cancel'])[0]).toMatch(
    /the model knows no intent fly/,
  );
  expect(lint('when: { intents: [people] }\nsteps:\n  - end\n').join()).toMatch(/people already starts/);
});

test('a slot that no step uses is a warning', () => {
  expect(lint(`${amount}steps:\n  - end\n`)[0]).toMatch(/no step uses amount/);
});
