import type { SmscAddress } from './session.ts';

const PORT = 2775;
const TLS_PORT = 3550;

/** Reads `smpp://system_id:password@host:port`, over TLS `ssmpp://…`; undefined for anything else. */
export function readSmppUrl(text: string): Omit<SmscAddress, 'systemType'> | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(text);
  const tls = protocol === 'ssmpp:';
  const name = decoded(username);
  const word = decoded(password);
  if ((!tls && protocol !== 'smpp:') || !hostname || !name || word === undefined) return undefined;
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (tls ? TLS_PORT : PORT),
    tls,
    systemId: name,
    password: word,
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
