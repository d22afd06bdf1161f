import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import { hostNameOf, isLoopbackAddress, isLoopbackName } from './host-names.ts';

test.each(['127.0.0.1', '127.255.1.9', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
  '%s is this machine',
  (address) => {
    expect(isIP(address)).toBeGreaterThan(0);
    expect(isLoopbackAddress(address)).toBe(true);
    expect(isLoopbackName(address.includes(':') ? `[${address}]` : address)).toBe(true);
  },
);

test.each([
  '127.0.0.256',
  '127.0.0',
  '127.0.0.01',
  '127.0.0.1.example',
  '127.1',
  '1127.0.0.1',
  '128.0.0.1',
  '10.0.0.1',
  '0.0.0.0',
  '::',
  '::2',
  '::ffff:10.0.0.1',
  'localhost.example',
  '',
])('"%s" is not', (name) => {
  expect(isLoopbackAddress(name)).toBe(false);
  expect(isLoopbackName(name)).toBe(false);
});

test.each([
  ['LocalHost:4200', 'LocalHost'],
  ['[::1]:80', '[::1]'],
  ['::1', null],
  ['a@b', null],
  ['a/b', null],
  ['', null],
])('the host of "%s" is %s', (header, name) => {
  expect(hostNameOf(header)).toBe(name);
});
