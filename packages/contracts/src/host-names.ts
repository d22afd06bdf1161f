/** @file Hosts as requests name them, and which of them are this machine itself. Without Node: browsers read this too. */

const LOOPBACK_4 = /^127(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** Whether an IP address (also one mapped into IPv6) is of the loopback interface. */
export function isLoopbackAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || LOOPBACK_4.test(plain);
}

/** Whether a host name without port, as in a URL, stands for this machine. */
export function isLoopbackName(name: string): boolean {
  const plain = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return plain === 'localhost' || isLoopbackAddress(plain);
}

/** Host name of a `Host` header; null when it is not one. */
export function hostNameOf(host: string): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::\d+)?$/i.exec(host);
  return match?.[1] ?? null;
}
