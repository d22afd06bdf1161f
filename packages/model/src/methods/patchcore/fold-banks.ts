/**
 * @file Memory banks without the patches of some images, so that these can be scored as new ones are.
 *
 * A bank of its own for every fold would take the greedy choice anew each time. Instead a fold's bank is the whole bank
 * less the fold's patches, and as many others chosen greedily where they have left gaps: without these, what the
 * fold's images have in common with others would look new, since one patch of many alike is enough for the bank.
 */
import type { Folds } from '../method.ts';
import { type Coreset, type CoresetStart, greedyCoreset } from './coreset.ts';

/** Rows of the bank whose distances are computed at once. */
const ROWS_AT_ONCE = 128;

export interface FoldBankOptions {
  /** `[patches]`: the fold of each patch of the pool, or −1. */
  readonly foldOfPatch: Int32Array;
  /** The bank chosen from all of them. */
  readonly bank: Coreset;
  /** Squared distances of all patches to some: f32 `[some, patches]`. */
  distancesTo(some: Int32Array): Promise<Float32Array>;
  /** Awaited now and then. */
  onProgress(): Promise<void>;
}

/** The fold of each patch, by the image that it comes from. */
export function foldsOfPatches(images: Int32Array, folds: Folds): Int32Array {
  return images.map((image) => folds.of[image] ?? -1);
}

/** @returns For a fold the patches of its bank, as many as the whole bank has where there are so many. */
export async function openFoldBanks(
  options: FoldBankOptions,
): Promise<(fold: number) => Promise<Int32Array>> {
  const { foldOfPatch, bank, distancesTo, onProgress } = options;
  const nearest = await nearestTwo(options);
  return async (fold) => {
    const kept = bank.chosen.filter((patch) => foldOfPatch[patch] !== fold);
    const start: CoresetStart = {
      negligible: bank.negligible,
      distances: Float32Array.from(foldOfPatch, (own, patch) =>
        own === fold ? 0 : nearest.without(fold, patch),
      ),
    };
    const added = await greedyCoreset({
      count: foldOfPatch.length,
      wanted: bank.chosen.length - kept.length,
      start,
      distancesTo,
      onProgress,
    });
    return Int32Array.from([...kept, ...added.chosen]);
  };
}

interface NearestTwo {
  /** Squared distance of a patch to the nearest one of the bank that is not of the fold. */
  without(fold: number, patch: number): number;
}

/** One pass over the bank serves every fold: the nearest row, and the nearest one of any other fold than its. */
async function nearestTwo(options: FoldBankOptions): Promise<NearestTwo> {
  const { foldOfPatch, bank, distancesTo, onProgress } = options;
  const count = foldOfPatch.length;
  const first = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  const firstFold = new Int32Array(count).fill(-2);
  const second = first.slice();
  for (let from = 0; from < bank.chosen.length; from += ROWS_AT_ONCE) {
    const rows = bank.chosen.subarray(from, from + ROWS_AT_ONCE);
    const table = await distancesTo(rows);
    for (const [slot, row] of rows.entries()) {
      const fold = foldOfPatch[row]!;
      for (let patch = 0; patch < count; patch++) {
        const distance = table[slot * count + patch]!;
        if (fold === firstFold[patch]) {
          if (distance < first[patch]!) first[patch] = distance;
        } else if (distance < first[patch]!) {
          second[patch] = first[patch]!;
          first[patch] = distance;
          firstFold[patch] = fold;
        } else if (distance < second[patch]!) {
          second[patch] = distance;
        }
      }
    }
    await onProgress();
  }
  return {
    without: (fold, patch) => (firstFold[patch] === fold ? second[patch]! : first[patch]!),
  };
}
