/** @file What a run's plan needs to know of a dataset: counts, not samples. */

export interface DatasetFacts {
  readonly hash: string;
  readonly categories: readonly CategoryFacts[];
}

export interface CategoryFacts {
  readonly name: string;
  /** Normal training images, and how many of them differ. */
  readonly normal: number;
  readonly distinctNormal: number;
  readonly test: number;
  /** Mean over all its images. */
  readonly meanPixels: number;
}
