/** @file Refuses a fit that would not fit into memory, before it begins. */
import { DomainError, type MethodName, memoryAdvice } from '@plumbline/contracts';

export interface AvailableMemory {
  /** Bytes that fitting may take; a method that needs more refuses beforehand. Not limited when absent. */
  readonly memoryBytes?: number | undefined;
  /** Whose they are, as people call it; the machine's when absent. */
  readonly memoryOf?: string | undefined;
}

/**
 * @param method Its name for the advice, and its title.
 * @param neededBytes Estimate of what the fit takes at its peak.
 * @throws DomainError INVALID_INPUT saying both numbers, and which settings to lower.
 */
export function assertMemory(
  { name, title }: { readonly name: MethodName; readonly title: string },
  neededBytes: number,
  { memoryBytes, memoryOf = 'this machine' }: AvailableMemory,
): void {
  if (memoryBytes === undefined || neededBytes <= memoryBytes) return;
  throw new DomainError(
    'INVALID_INPUT',
    `${title} would need about ${gigabytes(neededBytes)} of memory; ${memoryOf} has ${gigabytes(memoryBytes)} free.`,
    { field: 'preset', fix: memoryAdvice(name) },
  );
}

const BYTES = 4;
/** The process, the runtime and the backbone. */
const BASE_BYTES = 400e6;

/** Of a training by gradients. @param values Float32 numbers that a step and its state take. */
export function trainingBytes(values: number): number {
  return BASE_BYTES + BYTES * values;
}

/** @param values As of `trainingBytes`. @throws DomainError as `assertMemory`. */
export function assertTrainingMemory(
  method: Parameters<typeof assertMemory>[0],
  values: number,
  fit: AvailableMemory,
): void {
  assertMemory(method, trainingBytes(values), fit);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
