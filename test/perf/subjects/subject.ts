/** What is measured: processes that answer operations. */
export interface Subject {
  readonly name: string;
  /** The root of its processes. */
  readonly pid: number;
  /** One operation for one of the conversations; resolves when it is done. */
  operate(chat: number): Promise<void>;
  stop(): Promise<void>;
}
