import type { Readable, Writable } from 'node:stream';

/** What a command reads and writes. */
export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/**
 * What a command was called with; or the exit code where there is no more to do: help was asked for (0), or the arguments
 * are wrong (2).
 */
export function readArguments<Parsed extends { readonly values: { readonly help: boolean } }>(
  parse: () => Parsed,
  io: CommandIo,
  usage: string,
): Parsed | number {
  try {
    const parsed = parse();
    if (!parsed.values.help) return parsed;
    io.stdout.write(usage);
    return 0;
  } catch (error) {
    return refuseUsage(error instanceof Error ? error.message : String(error), io, usage);
  }
}

/** Says what is wrong with the arguments, behind the command's name, and how it is called. Gives the exit code. */
export function refuseUsage(problem: string, { stderr }: CommandIo, usage: string): number {
  const [name = ''] = /^okno(?: [a-z]+)+/.exec(usage) ?? [];
  stderr.write(`${name}: ${problem}\n\n${usage}`);
  return 2;
}

/** `1 error`, `2 errors`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
