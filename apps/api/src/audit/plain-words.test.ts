import { expect, it } from 'vitest';
import { auditedInput } from './audited-input.ts';
import { cut, withoutSecrets } from './plain-words.ts';

const SECRET = `plumb_${'aB3-'.repeat(11).slice(0, 43)}`;

it('keeps the beginning of a secret alone, wherever it stands', () => {
  expect(withoutSecrets(`There is no key "${SECRET}".`)).toBe('There is no key "plumb_aB3-…".');
  expect(JSON.stringify(auditedInput({ key: SECRET }))).toBe('{"key":"plumb_aB3-…"}');
});

it('cuts no character in half', () => {
  expect(cut('ab😀', 3)).toBe('ab');
  expect(cut('ab😀', 4)).toBe('ab😀');
  const { note } = auditedInput({ note: `${'a'.repeat(499)}😀 and more` });
  expect(note).toMatch(/^a{499}… \d+ characters$/);
});
