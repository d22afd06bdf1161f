/** @file When a key ends, as it is typed: after a while, or on a date. */
import { DomainError } from '@plumbline/contracts';

const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = {
  h: HOUR_MS,
  d: 24 * HOUR_MS,
  w: 7 * 24 * HOUR_MS,
};
/** Beyond that a date is a slip. */
const MOST_MS = 100 * 366 * 24 * HOUR_MS;

/**
 * @param text `12h`, `90d`, `4w`, or a date such as `2027-01-31`
 * @throws DomainError INVALID_INPUT
 */
export function readExpiry(text: string, now: number = Date.now()): string {
  const [, count, unit] = /^(\d{1,6})([hdw])$/.exec(text) ?? [];
  const isDate = /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text);
  const end =
    unit === undefined
      ? isDate
        ? Date.parse(text)
        : NaN
      : now + Number(count) * (UNITS[unit] ?? NaN);
  if (end > now && end - now <= MOST_MS) return new Date(end).toISOString();
  throw new DomainError('INVALID_INPUT', `--expires ${text}: a key can't end then.`, {
    field: 'expires',
    fix: 'Give hours, days or weeks (12h, 90d, 4w) or a date in the future (2027-01-31).',
  });
}
