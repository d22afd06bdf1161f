/**
 * @file PatchCore's patch scores: the squared distance to the nearest patch of the memory bank, as released (the paper
 * writes the distance itself, and re-weights image scores; the released code does neither), or the mean of those to the
 * K nearest. N images, P patches, D channels, M rows of the bank.
 */
import { BANK_ROWS_AT_ONCE, type PatchCorePreset } from '@plumbline/contracts';
import {
  add,
  concat,
  matMul,
  mean,
  min,
  minimum,
  neg,
  pad,
  relu,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  topk,
} from '@tensorflow/tfjs-core';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import {
  embeddingInputs,
  embedPatches,
  inputTokens,
  type PatchEmbedding,
} from '../patch-embedding.ts';

export interface MemoryBank {
  /** f32 `[M, D]`, less the center. */
  readonly rows: Float32Array;
  /** f32 `[D]`: mean of the patches. Without it the differences below would lose digits to what all patches share. */
  readonly center: Float32Array;
}

/**
 * min_m ‖x − m‖² = ‖x‖² + min_m (‖m‖² − 2·x·m): one matrix product, in which ‖m‖² meets a constant 1 after x.
 * @param patches f32 `[N, P, D]`.
 * @param neighbors K: over so many rows the mean of what is smallest is taken, over all where the bank has no more.
 * @returns f32 `[N, P]`, at least 0. Rounding is relative to ‖x‖², which squared distances bear and roots would not.
 */
export function nearestSquared(patches: Tensor, bank: MemoryBank, neighbors = 1): Tensor {
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
  const products = bankPieces(bank.rows, d).map((piece) =>
    matMul(extended, tensor(piece, [d + 1, piece.length / (d + 1)])),
  );
  const nearest =
    neighbors === 1
      ? products.map((product) => min(product, 1)).reduce((least, own) => minimum(least, own))
      : mean(
          smallest(
            concat(
              products.map((one) => smallest(one, neighbors)),
              1,
            ),
            neighbors,
          ),
          1,
        );
  return relu(add(reshape(nearest, [n, p]), sum(square(centered), -1)));
}

/** The `count` smallest of each row, or all: f32 `[rows, M]` → `[rows, count]`. */
function smallest(values: Tensor, count: number): Tensor {
  return neg(topk(neg(values), Math.min(count, values.shape[1] ?? 0)).values);
}

/** For each piece f32 `[D + 1, rows]`: −2·mᵀ, and ‖m‖² below it. */
function bankPieces(rows: Float32Array, size: number): Float32Array[] {
  const count = rows.length / size;
  const pieces: Float32Array[] = [];
  for (let first = 0; first < count; first += BANK_ROWS_AT_ONCE) {
    const width = Math.min(BANK_ROWS_AT_ONCE, count - first);
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
export function scoreWords({ neighbors }: PatchCorePreset): string {
  return neighbors === 1
    ? 'squared distance to the nearest patch of the memory bank'
    : `mean squared distance to the ${neighbors} nearest patches of the memory bank`;
}

/** The scoring graph: inputs `tokens0…` f32 `[N, L, C]`, output `scores0` f32 `[N, P]`. */
export function scoresProgram(
  plan: PatchEmbedding,
  bank: MemoryBank,
  { neighbors }: PatchCorePreset,
): TensorProgram {
  return {
    name: 'patchcore-scores',
    inputs: embeddingInputs(plan),
    batchPlaceholder: BATCH,
    body: (given) => ({
      scores0: nearestSquared(embedPatches(inputTokens(given, plan), plan), bank, neighbors),
    }),
  };
}
