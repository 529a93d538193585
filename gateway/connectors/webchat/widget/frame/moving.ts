import type { ClientFrame, ServerFrame } from './frames.ts';

type MoveFrame = Extract<ServerFrame, { type: 'move' }>;

/** What the client is asked or told of the link that they came with. */
export type MoveQuestion =
  | { readonly state: 'ask'; readonly channel: string; readonly contact?: string | undefined }
  | { readonly state: 'ended' | 'another-client' };

/** A one-time link with which the client came from another channel. Nothing is joined before they agree. */
export interface Moving {
  comeWith(link: string): void;
  /** Said with each hello until the hub has answered: it takes the link once. */
  introduce(): Pick<Extract<ClientFrame, { type: 'hello' }>, 'move' | 'agreed'>;
  /** The client wants the dialogue to go on here: the next hello says so. */
  agree(): void;
  /** The client wants a dialogue of their own, or is another one by now. */
  forget(): void;
  /** What the client is to see of it; undefined where it is settled. */
  hear(frame: MoveFrame): MoveQuestion | undefined;
}

export function createMoving(): Moving {
  let link: string | undefined;
  let isAgreed = false;
  const forget = () => {
    link = undefined;
    isAgreed = false;
  };
  return {
    comeWith(came) {
      link = came;
      isAgreed = false;
    },
    introduce: () => (link === undefined ? {} : { move: link, ...(isAgreed && { agreed: true as const }) }),
    agree() {
      isAgreed = true;
    },
    forget,
    hear(frame) {
      if (frame.state === 'ask') return link === undefined ? undefined : frame;
      // The word that it was used got lost with the connection.
      const isSettled = frame.state === 'moved' || (frame.state === 'ended' && isAgreed);
      forget();
      return isSettled ? undefined : { state: frame.state === 'ended' ? 'ended' : 'another-client' };
    },
  };
}
