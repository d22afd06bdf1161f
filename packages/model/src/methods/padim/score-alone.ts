/** @file The patch scores of training images by Gaussians without them, group by group. P positions. */
import { FOLDS_PART } from '@plumbline/contracts';
import type { FitOptions, Folds } from '../method.ts';
import { scoredImages, unscored } from '../score-fold.ts';
import type { PadimEmbedding } from './forward.ts';
import { type FittedSums, type LeftOut, LeftOutGaussians } from './leave-one-out.ts';
import type { GaussianAccumulator } from './parameters.ts';
import { eachEmbedding } from './read-images.ts';
import { type Groups, groupWithout, type Router } from './route.ts';
import type { Survey } from './survey.ts';
import { eachPosition, type Work } from './work.ts';

export interface AloneFit {
  readonly folds: Folds;
  readonly plan: PadimEmbedding;
  readonly groups: Groups;
  readonly survey: Survey;
  readonly sums: FittedSums;
  /** Null where there is one group. */
  readonly router: Router | null;
}

/**
 * Patch scores of each image by Gaussians without it and its byte-identical copies: f32 `[images, P]`, NaN for those that
 * `scoredAlone` leaves out. Folds only say which images are scored: leaving out one at a time costs no more.
 */
export async function scoreAlone(
  options: FitOptions,
  fit: AloneFit,
  work: Work,
): Promise<Float32Array> {
  const { plan, groups, sums, survey } = fit;
  const positions = plan.grid ** 2;
  const scores = unscored(options.features.count, positions);
  const scored = scoredAlone(groups, survey.pictures, scoredImages(fit.folds));
  let done = 0;
  for (const { images, ...left } of alikeImages(fit, scored)) {
    const told = { step: done, steps: scored.length };
    const gaussians = new LeftOutGaussians(sums, left);
    const report = work.in(FOLDS_PART, told);
    await eachPosition(positions, { report, groups: 1 }, (position) =>
      gaussians.factorize(position),
    );
    await eachEmbedding(options, { plan, images, report: work.in(FOLDS_PART, told) }, (at, x) => {
      const own = sums.groups[groups.of[at.image] as number] as GaussianAccumulator;
      scores[at.image * positions + at.position] = gaussians.distance(at.position, x, own);
    });
    done += images.length;
    await work.in(FOLDS_PART)(done, scored.length, 0);
  }
  return scores;
}

/**
 * Those that no other group has a copy of: it would stay in the Gaussians that score them. Where that would leave less
 * than half of a group (a bare corner, as a tile), all of the group are scored: thresholds need them.
 */
function scoredAlone({ names, of }: Groups, pictures: Int32Array, scored: Int32Array): Int32Array {
  const first = new Map<number, number>();
  const shared = new Set<number>();
  for (const [image, picture] of pictures.entries()) {
    const group = of[image] as number;
    if ((first.get(picture) ?? group) === group) first.set(picture, group);
    else shared.add(picture);
  }
  const isAlone = (image: number) => !shared.has(pictures[image] as number);
  const kept = [...names.keys()].map((group) => {
    const own = scored.filter((image) => of[image] === group);
    const alone = own.filter(isAlone);
    return 2 * alone.length < own.length ? own : alone;
  });
  return Int32Array.from(kept.flatMap((images) => [...images])).sort();
}

interface AlikeImages extends LeftOut {
  readonly images: Int32Array;
}

/** Images that one factorization serves. */
function alikeImages({ groups, survey, router }: AloneFit, scored: Int32Array): AlikeImages[] {
  const alike = new Map<string, LeftOut & { readonly images: number[] }>();
  const copies = copiesOf(groups, survey.pictures);
  const size = survey.descriptors.length / groups.of.length;
  for (const image of scored) {
    const own = groups.of[image] as number;
    const descriptor = survey.descriptors.subarray(image * size, (image + 1) * size);
    const isSame = (other: number) => survey.pictures[other] === survey.pictures[image];
    const group = router === null ? own : (groupWithout(descriptor, router, isSame) ?? own);
    const left = {
      group,
      isOwn: group === own,
      copies: copies[image] as number,
      isAlone: copies[image] === survey.sums[own]?.images,
    };
    const key = Object.values(left).join();
    const others = alike.get(key) ?? { ...left, images: [] };
    others.images.push(image);
    alike.set(key, others);
  }
  return Array.from(alike.values(), ({ images, ...left }) => ({
    ...left,
    images: Int32Array.from(images),
  }));
}

/** `[images]`: how many times each is in its group. */
function copiesOf({ of }: Groups, pictures: Int32Array): Int32Array {
  const keys = Array.from(of, (group, image) => `${group}/${pictures[image]}`);
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Int32Array.from(keys, (key) => counts.get(key) ?? 1);
}
