/** @file The progress of a fit of PaDiM: sums of every image, once more without it, and inversions. */
import type { FitOptions } from '../method.ts';
import { reportProgress } from '../report-progress.ts';

/** Work of inverting all matrices of a group, in images whose sums it would take as long to add up. */
const IMAGES_AN_INVERSION = 100;
/** Matrices inverted between two reports of progress. */
const POSITIONS_AT_ONCE = 64;

/** Says that so many of so many steps are done, which are worth so many images together. */
export type Report = (step: number, steps: number, images: number) => Promise<void>;

export class Work {
  readonly #options: FitOptions;
  readonly #total: number;
  #done = 0;

  /** @param groups Of Gaussians. */
  constructor(options: FitOptions, groups: number) {
    const { features, folds } = options;
    const passes = folds === undefined ? 1 : 2;
    this.#options = options;
    this.#total = passes * (features.count + groups * IMAGES_AN_INVERSION);
  }

  /** @param told What is said of the part meanwhile; the steps themselves when absent. */
  in(part: string, told?: { readonly step: number; readonly steps: number }): Report {
    let before = 0;
    return async (step, steps, images) => {
      this.#done += ((step - before) / steps) * images;
      before = step;
      const fraction = Math.min(1, this.#done / this.#total);
      await reportProgress(this.#options, { part, fraction, ...(told ?? { step, steps }) });
    };
  }
}

/** Visits all positions. @param groups Whose matrices are inverted at each. */
export async function eachPosition(
  positions: number,
  { report, groups }: { readonly report: Report; readonly groups: number },
  visit: (position: number) => void,
): Promise<void> {
  for (let position = 0; position < positions; position++) {
    visit(position);
    const done = position + 1;
    if (done % POSITIONS_AT_ONCE === 0 || done === positions)
      await report(done, positions, groups * IMAGES_AN_INVERSION);
  }
}
