/** One-time codes of the demo: short life, single use, few attempts. A real bank sends them by its own channel. */
interface Codes {
  send(identity: string): 'sent' | 'too-many-codes';
  check(identity: string, code: string): 'right' | 'wrong-code' | 'no-code' | 'attempts-over';
  /** Those that can still be used, newest first; for the demo's page. */
  open(): ShownCode[];
}

export interface ShownCode {
  readonly code: string;
  /** When it was sent, ISO 8601. */
  readonly at: string;
}

const LIFE_MS = 5 * 60_000;
const MAX_ATTEMPTS = 3;
const MAX_CODES = 3;
const CODES_WITHIN_MS = 10 * 60_000;
const MAX_IDENTITIES = 10_000;

interface Sent {
  readonly code: string;
  readonly at: number;
  attempts: number;
}

export function createCodes(parts: { readonly now: () => Date; readonly newCode: () => string }): Codes {
  const sent = new Map<string, Sent[]>();
  const recent = (identity: string) => {
    const since = parts.now().getTime() - CODES_WITHIN_MS;
    return (sent.get(identity) ?? []).filter((it) => it.at > since);
  };
  const isOpen = (it: Sent) => parts.now().getTime() - it.at < LIFE_MS && it.attempts < MAX_ATTEMPTS;

  return {
    send(identity) {
      const before = recent(identity);
      if (before.length >= MAX_CODES) return 'too-many-codes';
      sent.delete(identity);
      sent.set(identity, [...before, { code: parts.newCode(), at: parts.now().getTime(), attempts: 0 }]);
      const [oldest] = sent.keys();
      if (sent.size > MAX_IDENTITIES && oldest !== undefined) sent.delete(oldest);
      return 'sent';
    },
    check(identity, code) {
      const last = recent(identity).at(-1);
      if (!last) return 'no-code';
      if (!isOpen(last)) return 'attempts-over';
      last.attempts += 1;
      if (last.code !== code) return last.attempts < MAX_ATTEMPTS ? 'wrong-code' : 'attempts-over';
      last.attempts = MAX_ATTEMPTS;
      return 'right';
    },
    open() {
      return [...sent.values()]
        .flatMap((codes) => codes.slice(-1).filter(isOpen))
        .sort((a, b) => b.at - a.at)
        .map(({ code, at }) => ({ code, at: new Date(at).toISOString() }));
    },
  };
}
