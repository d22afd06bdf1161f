/** @file The refusal of a setting. */
import { DomainError } from '../errors.ts';

/** @param path The setting's name first. */
export function settingError(path: readonly string[], message: string): DomainError {
  const [name] = path;
  return new DomainError('INVALID_INPUT', name === undefined ? message : `${name}: ${message}`, {
    field: ['settings', ...path].join('.'),
    fix: 'Leave it out to keep what the preset has.',
  });
}
