import { lintFlow } from './lint-flow.ts';
import type { ScriptSet } from './load.ts';
import { type Problem, pathText } from './problem.ts';
import { namesIn } from './render.ts';
import { CONFIRM } from './run.ts';
import { LOCALES, type Script, type Step, type Text } from './script.ts';

/** Words of the moment that texts and conditions may name beside slots and results. */
const MOMENT_WORDS = new Set(['closed', 'title', 'values', 'miss', 'near', 'done', 'evidence', 'language']);

/** Reports a problem at a path of a script's file. */
export type Report = (
  script: Script,
  path: readonly PropertyKey[],
  message: string,
  severity?: Problem['severity'],
) => void;

/**
 * What is wrong between the parts of a script set: names that lead nowhere, steps that nothing reaches, loops without
 * input, money that moves unasked. With the model's intents, triggers that it does not know.
 */
export function lintScripts(set: ScriptSet, intents?: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (script, path, message, severity = 'error') => {
    const { line } = set.place(script.file, path);
    problems.push({ file: script.file, line, path: pathText(path), message, severity });
  };
  for (const script of set.scripts.values()) {
    lintTriggers(set, script, intents, report);
    lintSlots(set, script, report);
    for (const [index, step] of script.steps.entries()) {
      lintNames(set, script, step, ['steps', index], report);
      lintTexts(script, step, ['steps', index], report);
    }
    lintFlow(set, script, report);
  }
  return [...problems, ...lintCommon(set)].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

function lintTriggers(
  set: ScriptSet,
  script: Script,
  intents: readonly string[] | undefined,
  report: Report,
) {
  const { when } = script;
  for (const [at, intent] of when.intents.entries()) {
    if (intents && !intents.includes(intent)) {
      report(
        script,
        ['when', 'intents', at],
        `the model knows no intent ${intent}; it knows ${intents.join(', ')}`,
      );
    }
    const twin = [...set.scripts.values()].find((it) => it !== script && it.when.intents.includes(intent));
    if (twin && twin.script < script.script) {
      report(
        script,
        ['when', 'intents', at],
        `${intent} already starts ${twin.script} (${twin.file}); keep one`,
      );
    }
  }
  for (const [at, event] of when.events.entries()) {
    const twin = [...set.scripts.values()].find((it) => it !== script && it.when.events.includes(event));
    if (twin && twin.script < script.script) {
      report(
        script,
        ['when', 'events', at],
        `${event} already starts ${twin.script} (${twin.file}); keep one`,
      );
    }
  }
}

function lintSlots(set: ScriptSet, script: Script, report: Report) {
  for (const [name, slot] of Object.entries(script.slots)) {
    if (name === CONFIRM)
      report(script, ['slots', name], 'confirm is the name of the yes-or-no question; choose another');
    if (slot.kind === 'list' && !slot.values)
      report(script, ['slots', name], 'a list needs values; add `values:`');
    if (slot.kind === 'custom' && !set.custom.names.includes(slot.entity ?? ''))
      report(
        script,
        ['slots', name],
        slot.entity
          ? `no file defines the entity ${slot.entity}; add it under \`entities:\``
          : 'a slot of kind custom names its entity; add `entity:`',
      );
    const isUsed = script.steps.some((step) => usesSlot(set, step, name));
    if (!isUsed) report(script, ['slots', name], `no step uses ${name}; ask for it or remove it`, 'warning');
  }
}

function usesSlot(set: ScriptSet, step: Step, name: string): boolean {
  if (step.kind === 'ask' && step.ask === name) return true;
  if (step.kind === 'call')
    return (
      name in (set.actions[step.call]?.parameters ?? {}) ||
      JSON.stringify(step.with ?? '').includes(`{${name}`)
    );
  if (step.kind === 'branch') return step.branch.some((arm) => arm.if.value === name);
  return textsOf(step).some(([, text]) =>
    wordings(text).some((it) => namesIn(it).some((used) => used.split('.')[0] === name)),
  );
}

function lintNames(set: ScriptSet, script: Script, step: Step, path: readonly PropertyKey[], report: Report) {
  switch (step.kind) {
    case 'ask': {
      const slot = script.slots[step.ask];
      if (step.ask !== CONFIRM && !slot) {
        report(script, [...path, 'ask'], `${step.ask} is no slot of this script; add it under \`slots:\``);
      }
      if (step.choices === 'values' && !slot?.values)
        report(script, [...path, 'choices'], `${step.ask} has no values to choose from`);
      if (step.help && slot && slot.kind !== 'code')
        report(script, [...path, 'help'], `help is for a slot of kind code, and ${step.ask} is ${slot.kind}`);
      for (const [at, choice] of (step.help?.choices ?? []).entries()) {
        if ('go' in choice && !set.scripts.has(choice.go))
          report(script, [...path, 'help', 'choices', at, 'go'], `there is no script ${choice.go}`);
      }
      return lintChoices(set, script, step, path, report);
    }
    case 'say':
      if (step.template && step.choices)
        report(
          script,
          [...path, 'choices'],
          'no choices can stand under a template; put them into a step after it',
        );
      return lintChoices(set, script, step, path, report);
    case 'end':
      for (const [at, name] of (step.end?.offer ?? []).entries()) {
        if (!set.scripts.has(name))
          report(script, [...path, 'end', 'offer', at], `there is no script ${name}`);
      }
      if (step.end?.offer.length && !step.end.text)
        report(script, [...path, 'end'], 'an offer needs a text; add `text:`');
      return;
    case 'set':
      for (const name of Object.keys(step.set)) {
        if (!script.slots[name]) report(script, [...path, 'set', name], `${name} is no slot of this script`);
      }
      return;
    case 'branch':
      for (const [at, arm] of step.branch.entries()) {
        const problem = unknownName(script, arm.if.value);
        if (problem) report(script, [...path, 'branch', at, 'if', 'value'], problem);
      }
      return;
    case 'call':
      return lintCall(set, script, step, path, report);
    case 'handoff':
    case 'move':
    case 'wait':
    case 'rate':
      return;
  }
}

function lintChoices(
  set: ScriptSet,
  script: Script,
  step: Step<'say' | 'ask'>,
  path: readonly PropertyKey[],
  report: Report,
) {
  const { choices } = step;
  if (!Array.isArray(choices)) return;
  const asked = step.kind === 'ask' ? script.slots[step.ask]?.kind : undefined;
  for (const [at, { go, share }] of choices.entries()) {
    if (go !== undefined && !set.scripts.has(go))
      report(script, [...path, 'choices', at, 'go'], `there is no script ${go}`);
    const needs = share && SHARED_BY[share];
    if (needs && asked !== needs)
      report(
        script,
        [...path, 'choices', at, 'share'],
        `what is shared needs a question that takes it; put it under an ask for a slot of kind ${needs}`,
      );
  }
}

/** The kind of slot that takes what a button asks for. */
const SHARED_BY = { contact: 'phone', location: 'location' } as const;

function lintCall(
  set: ScriptSet,
  script: Script,
  step: Step<'call'>,
  path: readonly PropertyKey[],
  report: Report,
) {
  const action = set.actions[step.call];
  if (!action) {
    const known = Object.keys(set.actions).join(', ');
    return report(
      script,
      [...path, 'call'],
      `there is no action ${step.call}; actions.yaml has ${known || 'none'}`,
    );
  }
  for (const name of Object.keys(step.with ?? {})) {
    if (!(name in action.parameters))
      report(script, [...path, 'with', name], `${step.call} has no parameter ${name}`);
  }
  for (const [name, isRequired] of Object.entries(action.parameters)) {
    if (!isRequired || step.with?.[name] !== undefined) continue;
    const isFilled = script.steps.some(
      (it) => (it.kind === 'ask' && it.ask === name) || (it.kind === 'set' && it.set[name]),
    );
    if (!isFilled)
      report(
        script,
        [...path, 'call'],
        `${step.call} needs ${name}; ask for it before, or say it under \`with:\``,
      );
  }
}

/** What is wrong with a name in a text or a condition; undefined where it is known. */
function unknownName(script: Script, path: string): string | undefined {
  const [head = '', form] = path.split('.');
  const slot = script.slots[head];
  if (slot) {
    if (form === undefined || Object.values(slot.values ?? {}).some((value) => value.forms[form]))
      return undefined;
    return `no value of ${head} has a form ${form}; add it under \`forms:\``;
  }
  const isCalled = script.steps.some((step) => step.kind === 'call' && step.call === head);
  return isCalled || MOMENT_WORDS.has(head)
    ? undefined
    : `{${path}} is neither a slot nor a called action; check its spelling`;
}

function lintTexts(script: Script, step: Step, path: readonly PropertyKey[], report: Report) {
  for (const [key, text] of textsOf(step)) {
    for (const locale of LOCALES) {
      for (const wording of [text[locale]].flat()) {
        const names = namesIn(wording);
        if (step.kind === 'move' && !names.includes('code'))
          report(script, [...path, ...key, locale], 'the client needs the code; write {code} into the text');
        for (const name of names) {
          if (step.kind === 'move' && name === 'code') continue;
          const problem = unknownName(script, name);
          if (problem) report(script, [...path, ...key, locale], problem);
        }
      }
    }
  }
}

function textsOf(step: Step): [string[], Text][] {
  switch (step.kind) {
    case 'say':
      return [
        [['say'], step.say],
        ...(step.template?.with ?? []).map((one, at): [string[], Text] => [
          ['template', 'with', String(at)],
          { ru: one, en: one },
        ]),
      ];
    case 'move':
      return [[['move'], step.move]];
    case 'rate':
      return [[['rate'], step.rate]];
    case 'ask':
      return [
        [['text'], step.text],
        ...(step.again ? [[['again'], step.again] satisfies [string[], Text]] : []),
        ...(step.help ? [[['help', 'text'], step.help.text] satisfies [string[], Text]] : []),
      ];
    case 'handoff':
      return step.text ? [[['text'], step.text]] : [];
    case 'end':
      return step.end?.text ? [[['end', 'text'], step.end.text]] : [];
    default:
      return [];
  }
}

function wordings(text: Text): string[] {
  return LOCALES.flatMap((locale) => text[locale]);
}

function lintCommon(set: ScriptSet): Problem[] {
  const missing = (path: PropertyKey[], message: string): Problem => {
    const { line } = set.place('common.yaml', path);
    return { file: 'common.yaml', line, path: pathText(path), message, severity: 'error' };
  };
  const problems: Problem[] = [];
  for (const key of ['identify', 'people'] as const) {
    const name = set.common[key];
    if (!set.scripts.has(name)) problems.push(missing(['common', key], `there is no script ${name}`));
  }
  const events = [...set.scripts.values()].flatMap((script) => script.when.events);
  if (!events.includes('not-understood')) {
    problems.push(
      missing(
        ['common'],
        'no script has `events: [not-understood]`; clients who are not understood get no answer',
      ),
    );
  }
  return problems;
}
