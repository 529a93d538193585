import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import {
  type CustomDefinition,
  type CustomEntities,
  CustomEntityError,
  compileCustom,
} from '../nlu/entities/custom.ts';
import { type ActionDefinitions, actionsFile } from './actions/definition.ts';
import { faultsOf } from './faults.ts';
import { type Problem, pathText } from './problem.ts';
import {
  type Common,
  common,
  entitiesFile,
  type Script,
  type Slot,
  STEP_KINDS,
  STEPS,
  type Step,
  type StepKind,
  scriptHead,
  slot,
} from './script.ts';

/** All scripts of a bot, checked, with what they share. */
export interface ScriptSet {
  readonly scripts: ReadonlyMap<string, Script>;
  readonly common: Common;
  readonly actions: ActionDefinitions;
  /** The bot's own lists and patterns. */
  readonly custom: CustomEntities;
  /** Finds the place of a path of a file for errors found later. */
  readonly place: (file: string, path: readonly PropertyKey[]) => { readonly line: number };
}

interface ScriptFile {
  readonly name: string;
  readonly text: string;
}

export type Parsed =
  | { readonly set: ScriptSet; readonly problems: readonly Problem[] }
  | { readonly set?: undefined; readonly problems: readonly Problem[] };

/** Reads the `.yaml` files of a folder, in the order of their names. Rejects where the folder cannot be read. */
export async function readScriptFiles(folder: string): Promise<ScriptFile[]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}

/** Parses and checks the shape of every file. A set comes only when there is no error of shape. */
export function parseScripts(files: readonly ScriptFile[]): Parsed {
  const reading = new Reading();
  for (const file of files) reading.take(file);
  return reading.finish();
}

class Reading {
  private readonly problems: Problem[] = [];
  private readonly documents = new Map<string, { document: Document; lines: LineCounter }>();
  private readonly heads: { file: string; head: z.infer<typeof scriptHead> }[] = [];
  private readonly actions: Record<string, ActionDefinitions[string]> = {};
  private readonly entities: Record<string, CustomDefinition> = {};
  private common: { file: string; value: Common } | undefined;

  take({ name, text }: ScriptFile): void {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    this.documents.set(name, { document, lines });
    for (const error of document.errors) {
      const line = lines.linePos(error.pos[0]).line;
      this.problems.push({
        file: name,
        line,
        path: '',
        message: `not YAML: ${error.message}`,
        severity: 'error',
      });
    }
    if (document.errors.length > 0) return;
    const content = this.content(name, document);
    if (!isObject(content)) {
      this.error(name, [], 'the file is empty; write `script:`, `common:`, `actions:` or `entities:` first');
    } else if ('script' in content) this.takeScript(name, content);
    else if ('common' in content) this.takeCommon(name, content);
    else if ('actions' in content) this.takeActions(name, content);
    else if ('entities' in content) this.takeEntities(name, content);
    else
      this.error(
        name,
        [],
        'the file says neither `script:`, `common:`, `actions:` nor `entities:`; write one of them first',
      );
  }

  private content(file: string, document: Document): unknown {
    try {
      return document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      this.error(file, [], `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  private takeScript(file: string, content: object): void {
    const head = this.check(scriptHead, content, file, []);
    if (!head) return;
    const twin = this.heads.find((other) => other.head.script === head.script);
    if (twin) this.error(file, ['script'], `${head.script} is already in ${twin.file}; choose another name`);
    else this.heads.push({ file, head });
  }

  private takeCommon(file: string, content: object): void {
    const parsed = this.check(common, content, file, []);
    if (!parsed) return;
    if (this.common) this.error(file, ['common'], `common is already in ${this.common.file}; keep one`);
    else this.common = { file, value: parsed.common };
  }

  private takeActions(file: string, content: object): void {
    const parsed = this.check(actionsFile, content, file, []);
    for (const [name, definition] of Object.entries(parsed?.actions ?? {})) {
      if (this.actions[name]) this.error(file, ['actions', name], `${name} is defined twice; keep one`);
      this.actions[name] = definition;
    }
  }

  private takeEntities(file: string, content: object): void {
    const parsed = this.check(entitiesFile, content, file, []);
    for (const [name, definition] of Object.entries(parsed?.entities ?? {})) {
      if (this.entities[name]) this.error(file, ['entities', name], `${name} is defined twice; keep one`);
      this.entities[name] = definition;
      this.compiled({ [name]: definition }, file);
    }
  }

  private compiled(entities: Readonly<Record<string, CustomDefinition>>, file: string): void {
    try {
      compileCustom(entities);
    } catch (error) {
      if (!(error instanceof CustomEntityError)) throw error;
      this.error(file, ['entities', ...Object.keys(entities)], error.message);
    }
  }

  finish(): Parsed {
    const shared = this.common?.value;
    if (!shared && this.problems.length === 0) {
      this.error('common.yaml', [], 'no file says `common:`; add common.yaml as in docs/writing-scripts.md');
    }
    const scripts = new Map<string, Script>();
    for (const { file, head } of this.heads) {
      const slots = this.slots(file, head.slots, shared?.slots ?? {});
      const steps = this.steps(file, head.steps);
      scripts.set(head.script, { ...head, file, slots, steps });
    }
    if (!shared || this.problems.length > 0) return { problems: this.problems };
    const place = (file: string, path: readonly PropertyKey[]) => ({ line: this.line(file, path) });
    const custom = compileCustom(this.entities);
    return { set: { scripts, common: shared, actions: this.actions, custom, place }, problems: [] };
  }

  private slots(
    file: string,
    written: Record<string, Record<string, unknown>>,
    shared: Readonly<Record<string, Slot>>,
  ): Record<string, Slot> {
    const slots: Record<string, Slot> = {};
    for (const [name, own] of Object.entries(written)) {
      const parsed = this.check(slot, { ...shared[name], ...own }, file, ['slots', name]);
      if (parsed) slots[name] = parsed;
    }
    return slots;
  }

  private steps(file: string, written: readonly unknown[]): Step[] {
    const steps: Step[] = [];
    const taken = new Map<string, number>();
    for (const [index, raw] of written.entries()) {
      const parsed = this.step(file, index, raw === 'end' ? { end: {} } : raw);
      if (!parsed) continue;
      const first = taken.get(parsed.id);
      if (first !== undefined && parsed.named) {
        this.error(file, ['steps', index, 'id'], `${parsed.id} is the id of two steps; choose another`);
      }
      const id = first === undefined ? parsed.id : `${parsed.id}-${index}`;
      taken.set(id, index);
      steps.push({ ...parsed.step, id } as Step);
    }
    return steps;
  }

  private step(file: string, index: number, raw: unknown) {
    const path = ['steps', index];
    const kinds = isObject(raw) ? STEP_KINDS.filter((kind) => kind in raw) : [];
    const [kind] = kinds;
    if (!kind || kinds.length > 1) {
      const found = kinds.length > 1 ? `this one says ${kinds.join(' and ')}` : 'this one says none';
      this.error(file, path, `a step says exactly one of ${STEP_KINDS.join(', ')}; ${found}`);
      return undefined;
    }
    const parsed = this.check<Omit<Step, 'kind' | 'id'> & { id?: string | undefined }>(
      STEPS[kind],
      raw,
      file,
      path,
    );
    if (!parsed) return undefined;
    const id = parsed.id ?? defaultId(kind, parsed, index);
    return { step: { ...parsed, kind, id }, id, named: parsed.id !== undefined };
  }

  private check<T>(
    schema: z.ZodType<T>,
    value: unknown,
    file: string,
    at: readonly PropertyKey[],
  ): T | undefined {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message } of faultsOf(result.error)) this.error(file, [...at, ...path], message);
    return undefined;
  }

  private error(file: string, path: readonly PropertyKey[], message: string): void {
    this.problems.push({
      file,
      line: this.line(file, path),
      path: pathText(path),
      message,
      severity: 'error',
    });
  }

  /** The line of the deepest part of the path that the file has. */
  private line(file: string, path: readonly PropertyKey[]): number {
    const known = this.documents.get(file);
    if (!known) return 1;
    for (let depth = path.length; depth > 0; depth--) {
      const offset = offsetOf(known.document, path.slice(0, depth));
      if (offset !== undefined) return known.lines.linePos(offset).line;
    }
    return 1;
  }
}

/** Steps without an id are called after what they do: `ask.amount`, `call.check_balance`, `say-3`. */
function defaultId(kind: StepKind, parsed: object, index: number): string {
  const target = kind in parsed ? Object.entries(parsed).find(([key]) => key === kind)?.[1] : undefined;
  return typeof target === 'string' ? `${kind}.${target}` : `${kind}-${index}`;
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const key = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(key));
    if (pair && isNode(pair.key)) return pair.key.range?.[0];
    return undefined;
  }
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
