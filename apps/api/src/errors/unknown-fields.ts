/** @file Refuses fields that nothing reads: a misspelled option would otherwise be left out in silence. */
import { DomainError } from '@plumbline/contracts';

/** @throws DomainError INVALID_INPUT naming the field and those there are. */
export function assertKnownFields(
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  const unknown = Object.keys(given).find((field) => !known.includes(field));
  if (unknown === undefined) return;
  const fix = known.length === 0 ? 'Leave it out.' : `Use ${known.join(', ')}, or leave it out.`;
  throw new DomainError('INVALID_INPUT', `There is no field "${unknown}" here.`, {
    field: unknown,
    fix,
  });
}
