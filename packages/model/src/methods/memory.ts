/** @file Refuses a fit that would not fit into memory, before it begins. */
import { DomainError } from '@plumbline/contracts';

/**
 * @param neededBytes Estimate of what the fit takes at its peak.
 * @param availableBytes What it may take; undefined is not limited.
 * @param advice How to need less.
 * @throws DomainError INVALID_INPUT saying both numbers.
 */
export function assertMemory(
  method: string,
  neededBytes: number,
  availableBytes: number | undefined,
  advice: string,
): void {
  if (availableBytes === undefined || neededBytes <= availableBytes) return;
  throw new DomainError(
    'INVALID_INPUT',
    `${method} would need about ${gigabytes(neededBytes)} of memory here; ${gigabytes(availableBytes)} are free.`,
    { field: 'preset', fix: advice },
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
