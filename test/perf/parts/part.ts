import type { Figure } from '../driver/figures.ts';

export interface PartOptions {
  readonly peers: boolean;
  readonly passes: number;
  readonly seconds: number | undefined;
  /** Also what takes long: ten million stored messages. */
  readonly long: boolean;
  readonly say: (line: string) => void;
}

/** A part of the bench, by its name on the command line. */
export type Part = (options: PartOptions) => Promise<readonly Figure[]>;
