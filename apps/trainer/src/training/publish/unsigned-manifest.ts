/** @file A version's manifest before the hashes of its files are known. */
import type { VersionManifest } from '@plumbline/contracts';

/** The type of one half of the union each, not of what both have. */
type WithoutFiles<T> = T extends unknown ? Omit<T, 'files'> : never;
export type UnsignedManifest = WithoutFiles<VersionManifest>;
