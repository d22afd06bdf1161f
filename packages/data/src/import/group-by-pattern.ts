/** @file Groups of paths by a regular expression that a user wrote, which must not hold the process for long. */
import { runInNewContext } from 'node:vm';
import { DomainError } from '@plumbline/contracts';

/** Of one that backtracks without end. */
const TIME_LIMIT_MS = 5000;

/**
 * What the pattern's one capture group finds in each path.
 * @throws DomainError INVALID_INPUT for a pattern that is none, that has no or several groups, takes too long, or misses a path
 */
export function groupsByPattern(
  paths: readonly string[],
  pattern: string,
  timeLimitMs = TIME_LIMIT_MS,
): string[] {
  const captures = capturesOf(paths, pattern, timeLimitMs);
  const missed = captures.flatMap((capture, index) =>
    capture === null ? (paths[index] ?? []) : [],
  );
  const [first] = missed;
  if (first === undefined) return captures.flatMap((capture) => capture ?? []);
  throw badPattern(
    `"${pattern}" finds no group in ${first}${missed.length === 1 ? '' : ` and ${missed.length - 1} other paths`}.`,
    'Give a pattern that matches every normal image.',
  );
}

function capturesOf(
  paths: readonly string[],
  pattern: string,
  timeLimitMs: number,
): (string | null)[] {
  // With an empty alternative it always matches, and says how many groups there are.
  const groups = (compiled(`${pattern}|`).exec('')?.length ?? 1) - 1;
  if (groups !== 1) {
    throw badPattern(
      `"${pattern}" has ${groups === 0 ? 'no capture group' : `${groups} capture groups`}.`,
      'Put parentheses around the part that names the group, as in "lot(\\d+)"; write (?:…) for others.',
    );
  }
  try {
    // Only a context of its own can be given a time limit.
    const found: unknown = runInNewContext(
      'JSON.stringify(JSON.parse(paths).map((path) => new RegExp(pattern, "u").exec(path)?.[1] ?? null))',
      { paths: JSON.stringify(paths), pattern },
      { timeout: timeLimitMs },
    );
    return JSON.parse(String(found)) as (string | null)[];
  } catch (cause) {
    throw badPattern(
      `"${pattern}" takes too long on the paths of this dataset.`,
      'Avoid repetitions within repetitions, such as (a+)+.',
      cause,
    );
  }
}

function compiled(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch (cause) {
    throw badPattern(`"${pattern}" is not a regular expression.`, 'Correct it.', cause);
  }
}

function badPattern(message: string, fix: string, cause?: unknown): DomainError {
  return new DomainError('INVALID_INPUT', message, { field: 'split', fix, cause });
}
