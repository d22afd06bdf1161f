/** @file The error for what has no place in a graph. */

/** A traced function did something that can't be recorded. */
export class CannotRecordError extends Error {
  constructor(what: string, why: string) {
    super(`Cannot record ${what}: ${why}.`);
    this.name = 'CannotRecordError';
  }
}
