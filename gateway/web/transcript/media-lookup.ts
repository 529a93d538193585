import { createContext } from 'react';
import type { LookedAt } from '../../media/api.ts';

/** Asks the hub for a file's state and link. */
export type LookUpMedia = (id: string, signal: AbortSignal) => Promise<LookedAt>;

/** Where there is none, such as outside the desk, files are named and not shown. */
export const MediaLookup = createContext<LookUpMedia | undefined>(undefined);
