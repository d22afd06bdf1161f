/** @file Whether an inspected image is one that its model is to keep. */
import type { Keeping, Prediction } from '@plumbline/contracts';

export type Judged = Pick<Prediction, 'predictedLabel' | 'uncertain' | 'scoreRatio'>;

/** @param seen images of the model before it, in this process */
export function choosesImage(
  { keep, closeFrom, every }: Keeping,
  { predictedLabel, uncertain, scoreRatio }: Judged,
  seen: number,
): boolean {
  switch (keep) {
    case 'none':
      return false;
    case 'all':
      return true;
    case 'everyNth':
      return seen % every === 0;
    case 'anomalousOrClose':
      // A threshold that is not above 0 has no share to be close by.
      return predictedLabel === 'anomalous' || uncertain || (scoreRatio ?? 0) >= closeFrom;
  }
}
