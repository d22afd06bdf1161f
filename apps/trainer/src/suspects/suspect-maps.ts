/** @file Small maps of where suspects differ, by the fits that scored them. */
import {
  robustSpread,
  type Sample,
  SUSPECT_MAP_SIDE,
  type Suspect,
  type SuspectMap,
} from '@plumbline/contracts';
import type { NormalScore } from '../training/evaluate/fit-thresholds.ts';
import type { ScoredSample } from '../training/evaluate/score-images.ts';
import {
  foldImages,
  foldMaps,
  type ScoreFoldsOptions,
} from '../training/evaluate/score-normal-images.ts';

export interface SuspectMapsOptions {
  readonly listed: readonly Suspect[];
  /** Those that an image was scored with. */
  scoresOf(suspect: Suspect): readonly NormalScore[];
  /** Of the images, in any order. */
  mapsOf(isWanted: (sample: Sample) => boolean): AsyncIterable<ScoredSample>;
}

/** In the order of the list. */
export async function suspectMaps(options: SuspectMapsOptions): Promise<SuspectMap[]> {
  const { listed, scoresOf, mapsOf } = options;
  if (listed.length === 0) return [];
  const small = new Map<string, Float32Array>(
    listed.map((one) => [keyOf(one), new Float32Array()]),
  );
  const keyOfSample = ({ path, image }: Sample) => keyOf({ path, sha256: image.sha256 });
  for await (const { sample, anomalyMap } of mapsOf((one) => small.has(keyOfSample(one))))
    small.set(keyOfSample(sample), shrunk(anomalyMap, SUSPECT_MAP_SIDE));
  const cuts = new Map<string, number>();
  return listed.map((suspect) => {
    const { category, isLearned, sha256 } = suspect;
    const group = `${isLearned} ${category}`;
    const threshold = cuts.get(group) ?? mapCut(scoresOf(suspect), category);
    cuts.set(group, threshold);
    return { sha256, threshold, values: small.get(keyOf(suspect)) ?? new Float32Array() };
  });
}

function keyOf({ path, sha256 }: Pick<Suspect, 'path' | 'sha256'>): string {
  return `${sha256} ${path}`;
}

/** By fits without them. */
export function foldMapsOf(
  folds: ScoreFoldsOptions,
  isWanted: (sample: Sample) => boolean,
): AsyncIterable<ScoredSample> {
  const wanted = foldImages(folds).filter((image) => isWanted(folds.split.fit[image] as Sample));
  return foldMaps(folds, wanted);
}

/** What no map of the category should reach: as the cut of image scores, of the largest values of maps. */
function mapCut(scores: readonly NormalScore[], category: string): number {
  const own = scores.filter((score) => score.category === category);
  const maxima = own.map(({ mapMaximum }) => mapMaximum);
  return robustSpread(maxima)?.cut ?? Math.max(...maxima);
}

/**
 * The mean of each square of pixels: the map is smooth, and a picture of it needs no more values.
 * @param map f32 `[S, S]`.
 * @returns f32 `[side, side]`, or the map itself where it is smaller.
 */
export function shrunk(map: Float32Array, side: number): Float32Array {
  const size = Math.sqrt(map.length);
  if (size <= side) return map;
  const sums = new Float32Array(side * side);
  const counts = new Uint32Array(side * side);
  const placeOf = (at: number): number => Math.floor((at * side) / size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const at = placeOf(y) * side + placeOf(x);
      sums[at] = (sums[at] ?? 0) + (map[y * size + x] ?? 0);
      counts[at] = (counts[at] ?? 0) + 1;
    }
  return sums.map((sum, at) => sum / (counts[at] ?? 1));
}
