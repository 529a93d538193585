import type { Report } from './lint.ts';
import type { ScriptSet } from './load.ts';
import { CONFIRM } from './run.ts';
import type { Script, Step } from './script.ts';

/** Where a script can go: steps that nothing reaches, loops without input, calls that nobody confirmed. */

interface Edge {
  readonly to: string;
  /** Where in the step it is written. */
  readonly path: readonly PropertyKey[];
  /** Taken only after a yes. */
  readonly isConfirmed: boolean;
}

export function lintFlow(set: ScriptSet, script: Script, report: Report) {
  const index = new Map(script.steps.map((step, at) => [step.id, at]));
  const edges = new Map(script.steps.map((step, at) => [step.id, edgesOf(step, script.steps[at + 1]?.id)]));
  for (const [id, from] of edges) {
    for (const { to, path } of from) {
      if (!index.has(to))
        report(
          script,
          ['steps', index.get(id) ?? 0, ...path],
          `there is no step ${to}; give a step \`id: ${to}\``,
        );
    }
  }
  const known = (id: string) => (edges.get(id) ?? []).filter((edge) => index.has(edge.to));
  const first = script.steps[0]?.id ?? '';

  const reached = walk(first, known, () => true);
  for (const [at, step] of script.steps.entries()) {
    if (!reached.has(step.id))
      report(
        script,
        ['steps', at],
        `nothing leads to the step ${step.id}; remove it or lead to it`,
        'warning',
      );
  }

  const waits = new Set(
    script.steps.filter((step) => step.kind === 'ask' || step.kind === 'wait').map((step) => step.id),
  );
  for (const [at, step] of script.steps.entries()) {
    if (waits.has(step.id)) continue;
    const back = walk(
      step.id,
      (id) => (waits.has(id) ? [] : known(id)),
      () => true,
      true,
    );
    if (back.has(step.id))
      report(
        script,
        ['steps', at],
        `the step ${step.id} comes back to itself without asking the client anything`,
      );
  }

  const unconfirmed = walk(first, known, (edge) => !edge.isConfirmed);
  for (const [at, step] of script.steps.entries()) {
    if (step.kind !== 'call' || set.actions[step.call]?.repeatable !== false) continue;
    if (unconfirmed.has(step.id)) {
      report(
        script,
        ['steps', at, 'call'],
        `${step.call} cannot be repeated, so it needs \`ask: confirm\` on every way to it`,
      );
    }
  }
}

function edgesOf(step: Step, next: string | undefined): Edge[] {
  const edges: Edge[] = [];
  const add = (to: string | undefined, path: readonly PropertyKey[], isConfirmed = false) => {
    if (to !== undefined) edges.push({ to, path, isConfirmed });
  };
  switch (step.kind) {
    case 'move':
    case 'say':
    case 'set':
    case 'wait':
      add(step.go ?? next, ['go']);
      return edges;
    case 'ask':
      add(step.yes ?? step.go ?? next, [step.yes === undefined ? 'go' : 'yes'], step.ask === CONFIRM);
      add(step.no, ['no']);
      for (const [at, choice] of (step.help?.choices ?? []).entries())
        if ('step' in choice) add(choice.step, ['help', 'choices', at, 'step']);
      return edges;
    case 'branch':
      for (const [at, arm] of step.branch.entries()) add(arm.go, ['branch', at, 'go']);
      add(step.else ?? next, ['else']);
      return edges;
    case 'call': {
      add(step.go ?? next, ['go']);
      const { refused, failed, unknown } = step.on;
      if (typeof refused === 'string') add(refused, ['on', 'refused']);
      else for (const [code, to] of Object.entries(refused ?? {})) add(to, ['on', 'refused', code]);
      add(failed, ['on', 'failed']);
      add(unknown, ['on', 'unknown']);
      return edges;
    }
    case 'handoff':
    case 'rate':
    case 'end':
      return edges;
  }
}

/** The steps that can be reached over the edges that count; without the start itself where `beyond`. */
function walk(
  start: string,
  edges: (id: string) => readonly Edge[],
  counts: (edge: Edge) => boolean,
  beyond = false,
): Set<string> {
  const reached = new Set<string>(beyond ? [] : [start]);
  const todo = [start];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    for (const edge of edges(id)) {
      if (!counts(edge) || reached.has(edge.to)) continue;
      reached.add(edge.to);
      todo.push(edge.to);
    }
  }
  return reached;
}
