/** @file A method's settings as a schema that refuses a name it doesn't have by listing those it has. */
import { z } from 'zod';

/** @param method As people know it. */
export function strictSettings<T extends z.ZodRawShape>(method: string, shape: T) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? unknownSetting(method, issue.keys, Object.keys(shape))
        : undefined,
  });
}

export function unknownSetting(
  method: string,
  unknown: readonly string[],
  known: readonly string[],
): string {
  return `No such setting: ${unknown.join(', ')}. ${method} has ${[...new Set(known)].join(', ')}.`;
}
