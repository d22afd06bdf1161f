/** @file What the share of held-out normal images that score at least as high means, with the number that it rests on. */
import type { Prediction } from './prediction.ts';

/** Under so many held-out images, a share of them says little. */
const FEW = 10;

/**
 * A count, never a share: "100 %" of one image would sound like a lot.
 * @returns Null when no normal image was held out.
 */
export function heldOutWords({
  falseAlarmRate,
  heldOutImages,
}: Pick<Prediction, 'falseAlarmRate' | 'heldOutImages'>): string | null {
  if (falseAlarmRate === null || heldOutImages === 0) return null;
  const higher = Math.round(falseAlarmRate * heldOutImages);
  const few = heldOutImages < FEW ? '; that is too few to say much' : '';
  if (heldOutImages === 1)
    return `the one held-out normal image scores ${higher === 1 ? 'at least as high' : 'lower'}${few}`;
  return `${higher === 0 ? 'none' : higher} of ${heldOutImages.toLocaleString('en-US')} held-out normal images ${higher === 1 ? 'scores' : 'score'} at least as high${few}`;
}
