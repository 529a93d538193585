/** An address that may stand in an envelope: no spaces, brackets or control characters. */
export function isAddress(text: string): boolean {
  return /^[^\s<>@"(),;:\\\p{Cc}]{1,64}@[^\s<>@"(),;:\\\p{Cc}]{1,190}$/u.test(text);
}

/** A Message-ID that may stand in a header again (RFC 5322 §3.6.4), bounded. */
export function isMessageId(text: string): boolean {
  return /^<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>$/.test(text);
}

/** Where answers go: the person's address, and the first mail of the exchange, by which programs show it together. */
export interface MailThread {
  readonly address: string;
  readonly root?: string | undefined;
}

/** A thread as the store names it. */
export function threadName({ address, root }: MailThread): string {
  return root === undefined ? address : `${address} ${root}`;
}

/** The thread of a name; undefined where it is none. */
export function readThread(name: string): MailThread | undefined {
  const [address = '', root, ...more] = name.split(' ');
  if (!isAddress(address) || more.length > 0 || (root !== undefined && !isMessageId(root))) return undefined;
  return { address, root };
}
