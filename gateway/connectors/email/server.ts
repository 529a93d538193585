/** A mail server as its address in the settings names it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** No TLS at all: only on this machine. Elsewhere a session that is not upgraded by STARTTLS is given up. */
  readonly isPlain: boolean;
}

const PORTS: Readonly<Record<string, number>> = { 'imaps:': 993, 'imap:': 143, 'smtps:': 465, 'smtp:': 587 };

/** Reads `imaps://user:password@host:993` and the like. */
export function readServer(address: string): MailServer {
  const { protocol, hostname, port, username, password } = new URL(address);
  const secure = protocol.endsWith('s:');
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (PORTS[protocol] ?? 0),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    secure,
    isPlain: !secure && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname),
  };
}
