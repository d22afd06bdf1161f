/** @file How much of the training images a fit sees, for estimate, log and model card. */
import { z } from 'zod';

export const trainingCoverageSchema = z.object({
  /** What is trained: a feature tap, or a part of the method. */
  part: z.string(),
  /** Training images, those held out not among them. */
  images: z.number().int(),
  /** How many of them are seen at least once. */
  seen: z.number().int(),
  /** How often an image is seen, on average. */
  passes: z.number(),
  /** Pictures of each image that count as images here: its tiles, each as it is turned. Absent for 1. */
  views: z.number().int().optional(),
});
export type TrainingCoverage = z.infer<typeof trainingCoverageSchema>;

/** Of a method that reads every image once. */
export function readOnce(part: string, images: number): TrainingCoverage {
  return { part, images, seen: images, passes: 1 };
}

/** Where a fit took so many pictures of each image for images. */
export function coverageOfViews(
  coverage: readonly TrainingCoverage[],
  views: number,
): readonly TrainingCoverage[] {
  return views === 1 ? coverage : coverage.map((one) => ({ ...one, views }));
}

export interface PlannedDraws {
  readonly part: string;
  /** Training images of each category. */
  readonly categoryImages: readonly number[];
  /** Images that all steps draw together. */
  readonly drawn: number;
  /** Whether categories are drawn alike, however many images they have. */
  readonly balanced: boolean;
}

/** Before the training, where images are drawn in passes of their category, or of all. */
export function plannedCoverage(planned: PlannedDraws): TrainingCoverage {
  const { part, categoryImages, drawn, balanced } = planned;
  const images = categoryImages.reduce((sum, count) => sum + count, 0);
  const share = (count: number) => (balanced ? 1 / categoryImages.length : count / images);
  const seen = categoryImages.reduce(
    (sum, count) => sum + Math.min(count, drawn * share(count)),
    0,
  );
  return { part, images, seen: Math.round(seen), passes: drawn / Math.max(1, images) };
}

/** A sentence: what share of the images each part sees, and how often. Empty where nothing is known. */
export function describeCoverage(coverage: readonly TrainingCoverage[]): string {
  const [first, ...others] = coverage;
  if (first === undefined) return '';
  const images = countOf(first);
  const same = others.every(
    (other) => other.seen === first.seen && timesOf(other) === timesOf(first),
  );
  const whole = first.seen >= first.images ? 'all' : `${shareOf(first)} of the`;
  if (same) return `Training sees ${whole} ${images}, ${timesOf(first)}.`;
  const parts = coverage.map((one) => `${shareOf(one)} at ${one.part}, ${timesOf(one)}`);
  return `Of the ${images}, training sees ${parts.join('; ')}.`;
}

function countOf({ images, views = 1 }: TrainingCoverage): string {
  const count = images.toLocaleString('en-US');
  if (views === 1) return `${count} training images`;
  return `${count} pictures (${views} of each) of ${Math.round(images / views).toLocaleString('en-US')} training images`;
}

function shareOf({ seen, images }: TrainingCoverage): string {
  // Never "100 %" of what isn't all.
  return seen >= images
    ? '100 %'
    : `${Math.min(99.9, Number(((100 * seen) / images).toPrecision(2)))} %`;
}

function timesOf({ passes, seen, images }: TrainingCoverage): string {
  const times = Number(passes.toPrecision(2));
  if (times !== 1) return `${times} times on average`;
  return seen === images ? 'once each' : 'once on average';
}
