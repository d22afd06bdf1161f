/**
 * @file PatchCore's patch scores: the squared distance to the nearest patch of the memory bank, as released (the paper
 * writes the distance itself, and re-weights image scores; the released code does neither). N images, P patches,
 * D channels, M rows of the bank.
 */
import type { PatchCorePreset } from '@plumbline/contracts';
import {
  add,
  matMul,
  min,
  minimum,
  pad,
  relu,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { embeddingInputs, embedPatches, inputTokens, type PatchEmbedding } from './forward.ts';

export interface MemoryBank {
  /** f32 `[M, D]`, less the center. */
  readonly rows: Float32Array;
  /** f32 `[D]`: mean of the patches. Without it the differences below would lose digits to what all patches share. */
  readonly center: Float32Array;
}

/** Rows compared at once, so that the products of an image stay in the processor's cache. */
const ROWS_AT_ONCE = 2048;

/**
 * min_m ‖x − m‖² = ‖x‖² + min_m (‖m‖² − 2·x·m): one matrix product, in which ‖m‖² meets a constant 1 after x.
 * @param patches f32 `[N, P, D]`.
 * @returns f32 `[N, P]`, at least 0. Rounding is relative to ‖x‖², which squared distances bear and roots would not.
 */
export function nearestSquared(patches: Tensor, bank: MemoryBank): Tensor {
  const [n = 1, p = 1, d = 1] = patches.shape;
  const centered = sub(patches, tensor(bank.center, [d]));
  const extended = pad(
    reshape(centered, [n * p, d]),
    [
      [0, 0],
      [0, 1],
    ],
    1,
  );
  const nearest = bankPieces(bank.rows, d)
    .map((piece) => min(matMul(extended, tensor(piece, [d + 1, piece.length / (d + 1)])), 1))
    .reduce((smallest, own) => minimum(smallest, own));
  return relu(add(reshape(nearest, [n, p]), sum(square(centered), -1)));
}

/** For each piece f32 `[D + 1, rows]`: −2·mᵀ, and ‖m‖² below it. */
function bankPieces(rows: Float32Array, size: number): Float32Array[] {
  const count = rows.length / size;
  const pieces: Float32Array[] = [];
  for (let first = 0; first < count; first += ROWS_AT_ONCE) {
    const width = Math.min(ROWS_AT_ONCE, count - first);
    const piece = new Float32Array((size + 1) * width);
    for (let row = 0; row < width; row++) {
      let norm = 0;
      for (let i = 0; i < size; i++) {
        const value = rows[(first + row) * size + i]!;
        piece[i * width + row] = -2 * value;
        norm += value * value;
      }
      piece[size * width + row] = norm;
    }
    pieces.push(piece);
  }
  return pieces;
}

/** The score in words, for the manifest. */
export function scoreWords(_preset: PatchCorePreset): string {
  return 'squared distance to the nearest patch of the memory bank';
}

/** The scoring graph: inputs `tokens0…` f32 `[N, L, C]`, output `scores0` f32 `[N, P]`. */
export function scoresProgram(
  plan: PatchEmbedding,
  bank: MemoryBank,
  _preset: PatchCorePreset,
): TensorProgram {
  return {
    name: 'patchcore-scores',
    inputs: embeddingInputs(plan),
    batchPlaceholder: BATCH,
    body: (given) => ({
      scores0: nearestSquared(embedPatches(inputTokens(given, plan), plan), bank),
    }),
  };
}
