/** @file What counts as this machine itself. */
import { isIP } from 'node:net';

/** Whether an IP address (also one mapped into IPv6) is of the loopback interface. */
export function isLoopbackAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return isIP(plain) === 4 ? plain.startsWith('127.') : plain === '::1';
}

/** Whether a host name without port, as in a URL, stands for this machine. */
export function isLoopbackName(name: string): boolean {
  const plain = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return plain === 'localhost' || isLoopbackAddress(plain);
}

/** Whether a host name is an IP address and this one, however it is written. */
export function sameAddress(name: string, address: string): boolean {
  const plain = (text: string) =>
    text
      .replace(/^\[(.*)\]$/, '$1')
      .replace(/^::ffff:/i, '')
      .toLowerCase();
  return isIP(plain(name)) > 0 && plain(name) === plain(address);
}

/** Host name of a `Host` header; null when it is not one. */
export function hostNameOf(host: string): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::\d+)?$/i.exec(host);
  return match?.[1] ?? null;
}
