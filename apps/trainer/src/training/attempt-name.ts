/** @file What the files of an attempt are called: its own name, so that no attempt can touch those of another. */
import type { Attempt } from '@plumbline/db';

/** `<run>.<attempt>`: the checkpoint under `work/checkpoints`, the bundle under `bundles`. */
export function attemptName({ id, number }: Attempt): string {
  return `${id}.${number}`;
}

/** The id and the rest of such a name, as of `<run>.decoder.2`; the id alone where there is no rest. */
export function runOfName(name: string): string {
  return name.split('.')[0] ?? name;
}
