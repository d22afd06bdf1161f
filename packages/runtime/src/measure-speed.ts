/** @file How fast this machine is, by one short computation: for estimates where nothing has been measured yet. */
import { probeProvider } from './probe-provider.ts';

/** What it takes on the two cores that the estimates' constants were measured on. */
const REFERENCE_MS = 75;
/** A busy moment must not make an estimate of days. */
const MOST = 10;

let measured: Promise<number> | null = null;

/**
 * Measured once a process, in a child of its own; about a second.
 * @returns Seconds that it takes for what takes the reference one; 1 where it can't be measured.
 */
export function measureSpeed(): Promise<number> {
  measured ??= probeProvider('cpu').then(({ milliseconds }) =>
    milliseconds === null ? 1 : Math.min(MOST, Math.max(1 / MOST, milliseconds / REFERENCE_MS)),
  );
  return measured;
}
