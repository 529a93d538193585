import type { Pdu, Session } from 'smpp';
import type { Confirmations } from './confirmations.ts';
import { library } from './pdus.ts';

/** A request that got no answer. */
export class RequestLost extends Error {
  override readonly name = 'RequestLost';
  readonly mayHaveArrived: boolean;

  constructor(reason: string, mayHaveArrived: boolean) {
    super(reason);
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** Our requests over one session. */
export interface Requests {
  /** The answer; rejects with RequestLost where none came before the signal, or the session's end. */
  ask(command: string, fields: Record<string, unknown>, signal: AbortSignal): Promise<Pdu>;
  /** The session is over: what is under way is lost, and nothing more is asked. */
  end(reason: string): void;
}

export function createRequests(session: Session, confirmations: Confirmations): Requests {
  const underWay = new Set<(reason: string) => void>();
  let over: string | undefined;
  return {
    ask(command, fields, signal) {
      return new Promise((resolve, reject) => {
        if (over || signal.aborted) return reject(new RequestLost(over ?? 'no time left', false));
        const onTimeout = () => lose('no answer in time');
        const lose = (reason: string) => {
          underWay.delete(lose);
          signal.removeEventListener('abort', onTimeout);
          reject(new RequestLost(reason, true));
        };
        const mark = confirmations.mark();
        const isWritten = session.send(new (library().PDU)(command, fields), (response) => {
          underWay.delete(lose);
          signal.removeEventListener('abort', onTimeout);
          confirmations.reached(mark);
          resolve(response);
        });
        if (!isWritten) return reject(new RequestLost('the connection takes nothing any more', false));
        underWay.add(lose);
        signal.addEventListener('abort', onTimeout, { once: true });
      });
    },
    end(reason) {
      over ??= reason;
      for (const lose of [...underWay]) lose(reason);
    },
  };
}
