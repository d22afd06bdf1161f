/** @file Whole numbers that a command takes. */
import { DomainError } from '@plumbline/contracts';

/** @throws DomainError INVALID_INPUT unless it is a whole number above 0. */
export function wholeNumber(text: string, field: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new DomainError('INVALID_INPUT', `"${text}" is not a ${field} number.`, {
    field,
    fix: 'Give a number such as 1; see "plumb models show".',
  });
}

/** @throws DomainError INVALID_INPUT unless it is a whole number above 0. */
export function versionNumber(text: string): number {
  return wholeNumber(text, 'version');
}
