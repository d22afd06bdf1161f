/** @file INP-Former's loss as released: of whole maps, and moved most by the patches that are rebuilt worst. */
import { add, div, expandDims, mean, mul, pow, type Tensor } from '@tensorflow/tfjs-core';
import { weighGradient } from '../../nn/weighed-gradient.ts';
import { mapsLoss, patchDistances } from '../rebuilt-maps.ts';
import { coherence, type InpOutput } from './forward.ts';

export interface InpWeights {
  /** Of the distance of patches to their prototypes. */
  readonly coherence: number;
  /** A patch's gradient is multiplied with (d / mean d)^power. */
  readonly miningPower: number;
}

/**
 * 1 − cos of whole maps, and how far patches are from their prototypes.
 * @param input What the network read, f32 `[N, T, C]`. @param targets f32 `[N, T, C]` each.
 */
export function inpFormerLoss(
  { rebuilt, prototypes }: InpOutput,
  { input, targets }: { readonly input: Tensor; readonly targets: readonly Tensor[] },
  { coherence: weight, miningPower }: InpWeights,
): Tensor {
  const mined =
    miningPower === 0
      ? rebuilt
      : rebuilt.map((map, index) =>
          weighGradient(map, [targets[index] as Tensor], (own, target) =>
            patchWeights(patchDistances(target as Tensor, own), miningPower),
          ),
        );
  const loss = mapsLoss(targets, mined);
  return weight === 0 ? loss : add(loss, mul(coherence(input, prototypes), weight));
}

/** @param distances f32 `[N, T]`. @returns f32 `[N, T, 1]`. */
function patchWeights(distances: Tensor, power: number): Tensor {
  return expandDims(pow(div(distances, add(mean(distances), 1e-12)), power), 2);
}
