/** @file Tests of how passwords are stored. */
import { expect, test } from 'vitest';
import { hashPassword, isPassword } from './passwords.ts';

test('is told from others, each with a salt of its own', async () => {
  const [one, two] = await Promise.all([
    hashPassword('correct horse é'),
    hashPassword('correct horse é'),
  ]);
  expect(one).toMatch(/^scrypt\$15\$[\w-]{22}\$[\w-]{43}$/);
  expect(one).not.toBe(two);
  expect(await isPassword('correct horse é', one)).toBe(true);
  // Typed with a combining accent.
  expect(await isPassword('correct horse e\u0301', one)).toBe(true);
  for (const wrong of ['', 'correct horse', 'correct horse É'])
    expect(await isPassword(wrong, one)).toBe(false);
  for (const stored of [null, '', 'scrypt$15$$', one.slice(0, -4)])
    expect(await isPassword('', stored)).toBe(false);
});
