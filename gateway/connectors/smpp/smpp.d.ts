// The part of the package that we use; it has no types of its own.
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer, Socket } from 'node:net';

  /** A PDU's fields by their names in the specification. */
  export interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly [field: string]: unknown;
    isResponse(): boolean;
    response(fields?: Record<string, unknown>): Pdu;
  }

  export interface Session extends EventEmitter {
    readonly socket: Socket;
    /** False where the socket takes nothing any more, and nothing was written. */
    send(pdu: Pdu, onResponse?: (response: Pdu) => void): boolean;
    pause(): void;
    resume(): void;
    destroy(): void;
  }

  interface Field {
    readonly type: unknown;
    readonly filter?: unknown;
  }
  interface Command {
    readonly id: number;
    readonly params?: Record<string, Field>;
  }

  const smpp: {
    readonly PDU: new (command: string, fields: Record<string, unknown>) => Pdu;
    readonly commands: Record<string, Command>;
    readonly tlvs: Record<string, { readonly id: number; readonly type: unknown }>;
    addCommand(name: string, command: Command): void;
    addTLV(name: string, tlv: { readonly id: number; readonly type: unknown }): void;
    connect(options: Record<string, unknown>): Session;
    createServer(
      options: Record<string, unknown>,
      listener: (session: Session) => void,
    ): NetServer & { readonly sessions: readonly Session[] };
  };
  export default smpp;
}
