/** @file Whether two texts are one IP address. */
import { isIP } from 'node:net';

/** Whether a host name is an IP address and this one, however it is written. */
export function sameAddress(name: string, address: string): boolean {
  const plain = plainAddress(name);
  return isIP(plain) > 0 && plain === plainAddress(address);
}

function plainAddress(text: string): string {
  return text
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^::ffff:/i, '')
    .toLowerCase();
}
