/** @file Tests of how the end of a key is typed. */
import { DomainError } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { readExpiry } from './expiry.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');

test.each([
  ['12h', '2026-11-28T00:00:00.000Z'],
  ['90d', '2027-02-25T12:00:00.000Z'],
  ['2w', '2026-12-11T12:00:00.000Z'],
  ['2027-01-31', '2027-01-31T00:00:00.000Z'],
])('%s', (text, end) => expect(readExpiry(text, NOW)).toBe(end));

test.each([
  '',
  '0d',
  '90',
  '90 d',
  '-1d',
  '1y',
  '2020-01-01',
  '2027-02-31T',
  'tomorrow',
  '999999w',
])('"%s" is none', (text) => expect(() => readExpiry(text, NOW)).toThrow(DomainError));
