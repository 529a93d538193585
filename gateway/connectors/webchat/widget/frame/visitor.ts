import type { FrameStorage } from './storage.ts';

/** What a welcome tells of who we are to the hub. */
export type Welcomed =
  /** Who we were. */
  | 'same'
  /** Somebody new: the first time here, or the hub forgot a visitor who had not written. */
  | 'new'
  /** Another client of the bank than the one this browser belonged to. */
  | 'other-client'
  /** Another tab got a visitor first; to be one with it, say hello again. */
  | 'other-tab';

/** Who this browser is to the hub: the token of its visitor, and what the bank's page said of the client. */
export interface Visitor {
  /** What the next hello says of us. */
  introduce(): { readonly token?: string; readonly identity?: string };
  /** Takes the token of the hub's welcome. */
  welcome(token: string): Welcomed;
  /** False where it is known already. */
  identify(identity: string): boolean;
  /** The hub did not believe the bank's page: only the page can sign another word. */
  forgetIdentity(): void;
  /** The client signed out: this browser is nobody again. */
  signOut(): void;
  /** Follows another tab; `signed-out` where that has let go of the visitor. */
  followTab(): 'same' | 'changed' | 'signed-out';
  /** The newest `seq` of others that was on the screen, in any tab. */
  seen: number;
}

export function createVisitor(storage: FrameStorage): Visitor {
  let token = storage.get('token');
  let identity: string | undefined;
  let introduced: { readonly token?: string; readonly identity?: string } = {};

  const take = (next: string) => {
    token = next;
    storage.set('token', next);
    storage.set('seen', undefined);
  };
  return {
    introduce() {
      introduced = { ...(token !== undefined && { token }), ...(identity !== undefined && { identity }) };
      return introduced;
    },
    welcome(given) {
      const kept = storage.get('token');
      if (introduced.token === undefined && kept !== undefined) {
        token = kept;
        return 'other-tab';
      }
      if (given === token) return 'same';
      take(given);
      return introduced.token !== undefined && introduced.identity !== undefined ? 'other-client' : 'new';
    },
    identify(next) {
      const isNew = next !== identity;
      identity = next;
      return isNew;
    },
    forgetIdentity() {
      identity = undefined;
    },
    signOut() {
      token = undefined;
      identity = undefined;
      storage.set('token', undefined);
      storage.set('seen', undefined);
    },
    followTab() {
      const kept = storage.get('token');
      if (kept === token) return 'same';
      token = kept;
      if (kept !== undefined) return 'changed';
      identity = undefined;
      return 'signed-out';
    },
    get seen() {
      return Number(storage.get('seen') ?? 0);
    },
    set seen(seq: number) {
      storage.set('seen', `${seq}`);
    },
  };
}
