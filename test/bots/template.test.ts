import { expect, test } from 'vitest';
import { lintScripts } from '../../bots/lint.ts';
import { parseScripts } from '../../bots/load.ts';
import { describeProblem } from '../../bots/problem.ts';
import { decide } from '../../bots/runner.ts';
import { parseState } from '../../bots/state.ts';
import { commonYaml, helpers } from './sample-scripts.ts';

function setWith(template: string) {
  const my = `script: my
title: { ru: заявка, en: application }
when: { events: [opened] }
steps:
  - say: { ru: "Готова {title}.", en: "The {title} is ready." }
    ${template}
`;
  const actions = 'actions:\n  prove: { path: /prove, needs: nothing, repeatable: true, timeout_ms: 1000 }\n';
  const parsed = parseScripts([
    { name: 'common.yaml', text: commonYaml },
    { name: 'actions.yaml', text: actions },
    ...helpers.map((text, at) => ({ name: `helper-${at}.yaml`, text })),
    { name: 'my.yaml', text: my },
  ]);
  if (!parsed.set) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.set;
}

test('a step says its own words and names the template that says them elsewhere, filled in', () => {
  const { decisions } = decide(setWith('template: { name: ready, with: ["{title}", "5"] }'), {
    happening: { what: 'opened' },
    state: parseState({
      v: 1,
      frames: [],
      carried: {},
      question: 0,
      misses: [],
      offered: [],
      done: [],
      language: 'en',
    }),
    actions: [],
    evidence: 'claimed',
    now: new Date('2026-11-26T10:00:00Z'),
    seed: 1,
    seq: 7,
  });
  expect(decisions.filter(({ type }) => type === 'message.sent')).toMatchObject([
    {
      content: [
        {
          kind: 'text',
          text: 'The application is ready.',
          template: { name: 'ready', language: 'en', parameters: ['application', '5'] },
        },
      ],
    },
  ]);
});

test('a template with choices under it, or with a name that nothing has, is found before it is published', () => {
  const problems = (template: string) => lintScripts(setWith(template)).map(describeProblem);
  expect(problems('template: { name: ready, with: ["{title}"] }')).toEqual([]);
  expect(problems('template: { name: ready }\n    choices: [{ go: cancel }]').join()).toMatch(
    /no choices can stand under a template/,
  );
  expect(problems('template: { name: ready, with: ["{number}"] }').join()).toMatch(
    /\{number\} is neither a slot nor a called action/,
  );
});
