/** @file `name@version`, as commands take a dataset or a model. */
import { versionNumber } from './version-number.ts';

export interface NamedVersion {
  readonly name: string;
  readonly version?: number;
}

/** @param text `nuts` or `nuts@2`. @throws DomainError INVALID_INPUT for what is no number */
export function namedVersion(text: string): NamedVersion {
  const at = text.lastIndexOf('@');
  if (at < 0) return { name: text };
  return { name: text.slice(0, at), version: versionNumber(text.slice(at + 1)) };
}
