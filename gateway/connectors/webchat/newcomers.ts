import { BlockList } from 'node:net';
import { addressKey, createAttempts } from '../../access/attempts.ts';

/** Bounds how many visitors without a token of ours come from one address. */
export interface Newcomers {
  /** True, and one more is counted, where another may come from there. */
  admit(address: string, now: Date): boolean;
}

const MINUTE_MS = 60_000;

/**
 * Addresses that no client on the internet has: loopback, private use (RFC 1918, RFC 4193) and link-local. Behind them
 * stand our own network, or a proxy for everybody that `TRUSTED_PROXIES` does not name: these are never bounded.
 */
const ours = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  ours.addSubnet(network, prefix, 'ipv4');
ours.addAddress('::1', 'ipv6');
ours.addSubnet('fc00::', 7, 'ipv6');
ours.addSubnet('fe80::', 10, 'ipv6');

export function createNewcomers(perMinute: number): Newcomers {
  const attempts = createAttempts({ attempts: perMinute, perMs: MINUTE_MS });
  return {
    admit: (address, now) => isOurs(address) || attempts.take(addressKey(address), now) === 0,
  };
}

function isOurs(address: string): boolean {
  return ours.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}
