/** @file Which images of a search stand out, and where: their list, and a small map of each. */
import {
  type FoundSuspects,
  robustSpread,
  SEARCH_LISTED,
  SEARCH_LISTED_LEAST,
  SUSPECT_MAP_SIDE,
  type Suspect,
  type TrainingScore,
  toSuspects,
} from '@plumbline/contracts';
import type { SuspectMap } from '@plumbline/db';
import type { NormalScore } from '../training/evaluate/fit-thresholds.ts';
import {
  foldImages,
  foldMaps,
  type ScoreFoldsOptions,
} from '../training/evaluate/score-normal-images.ts';

interface ListedSuspects {
  readonly found: Omit<FoundSuspects, 'backbone' | 'images'>;
  /** In the order of the list. */
  readonly maps: SuspectMap[];
}

/** @param scores Of all images that have one. */
export async function listSuspects(
  scores: readonly NormalScore[],
  folds: ScoreFoldsOptions,
): Promise<ListedSuspects> {
  const images = scores.map(({ mapMaximum: _, ...score }): TrainingScore => score);
  const all = toSuspects({ formatVersion: 1, scoresFrom: 'crossFit', images }, images.length);
  const { beyondCut, tooFew, scored } = all;
  const listed = firstOf(all.suspects);
  return {
    found: { scored, tooFew, beyondCut, listed },
    maps: await mapsOf(listed, scores, folds),
  };
}

/** Those beyond the cut, and the first of each category. @param ranked Those that stand out most first. */
export function firstOf(ranked: readonly Suspect[]): Suspect[] {
  const seen = new Map<string, number>();
  const wanted = ranked.filter(({ category, imageScore, robustCut }) => {
    const before = seen.get(category) ?? 0;
    seen.set(category, before + 1);
    return imageScore >= robustCut || before < SEARCH_LISTED_LEAST;
  });
  return wanted.slice(0, SEARCH_LISTED);
}

async function mapsOf(
  listed: readonly Suspect[],
  scores: readonly NormalScore[],
  folds: ScoreFoldsOptions,
): Promise<SuspectMap[]> {
  const places = new Map(listed.map(({ path }, place) => [path, place]));
  const wanted = foldImages(folds).filter((image) =>
    places.has(folds.split.fit[image]?.path ?? ''),
  );
  const thresholds = new Map<string, number>();
  const maps: SuspectMap[] = [];
  for await (const { sample, anomalyMap } of foldMaps(folds, wanted)) {
    const { category, path, image } = sample;
    const threshold = thresholds.get(category) ?? mapCut(scores, category);
    thresholds.set(category, threshold);
    maps[places.get(path) ?? 0] = {
      ...{ sha256: image.sha256, threshold },
      values: shrunk(anomalyMap, SUSPECT_MAP_SIDE),
    };
  }
  return maps;
}

/** What no map of the category should reach: as the cut of image scores, of the largest values of maps. */
function mapCut(scores: readonly NormalScore[], category: string): number {
  const own = scores.filter((score) => score.category === category);
  const maxima = own.map(({ mapMaximum }) => mapMaximum);
  return robustSpread(maxima)?.cut ?? Math.max(...maxima);
}

/**
 * The mean of each square of pixels: the map is smooth, and a picture of it needs no more values.
 * @param map f32 `[S, S]`, S a multiple of `side`.
 * @returns f32 `[side, side]`.
 */
export function shrunk(map: Float32Array, side: number): Float32Array {
  const size = Math.sqrt(map.length);
  const step = size / side;
  if (!Number.isInteger(step)) throw new RangeError(`${size} is no multiple of ${side}`);
  const small = new Float32Array(side * side);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const at = Math.floor(y / step) * side + Math.floor(x / step);
      small[at] = (small[at] ?? 0) + (map[y * size + x] ?? 0) / step ** 2;
    }
  return small;
}
