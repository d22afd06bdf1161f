/** @file What counts as this machine itself, as in the API. */
import { isIP } from 'node:net';

export function isLoopbackAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return isIP(plain) === 4 ? plain.startsWith('127.') : plain === '::1';
}

/** Whether a host name without port stands for this machine. */
export function isLoopbackName(name: string): boolean {
  const plain = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return plain === 'localhost' || isLoopbackAddress(plain);
}
