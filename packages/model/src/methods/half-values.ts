/** @file Halves as numbers, by a table. */
import { halfToFloat } from '@plumbline/contracts';

/** All halves as numbers: a look-up is faster than the conversion. */
export const HALF_TO_FLOAT = Float32Array.from({ length: 65536 }, (_, half) => halfToFloat(half));
