/** @file The image size that a run will have: it decides the protocol, and so the board, of its result. */
import type { StartTrainingInput } from './run.ts';

/** Of every method's preset of that name. */
const PRESET_SIZES_PX: Readonly<Record<StartTrainingInput['preset'], number>> = {
  quick: 256,
  paper: 256,
  edge: 256,
  tiny: 128,
};

/** @returns Side of the square that images are brought to, pixels. */
export function imageSizeOfRun({
  preset,
  rlr,
}: Pick<StartTrainingInput, 'preset' | 'rlr'>): number {
  return rlr?.imageSizePx ?? PRESET_SIZES_PX[preset];
}
