/** @file RLR's training step as one graph: loss, its gradients and Adam; state in, state out. */
import {
  concat,
  mul,
  reshape,
  type Tensor,
  type Tensor1D,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import type { AdamConfig } from '../../nn/adam.ts';
import { byName, constantParameters } from '../../nn/parameters.ts';
import {
  nextState,
  RATE_INPUTS,
  stateInputs,
  statePieces,
  stateWeights,
} from '../../nn/training-state.ts';
import { BATCH, type TensorProgram, traceProgram } from '../../trace/index.ts';
import type { RlrNetworkConfig } from './config.ts';
import { rlrForward } from './forward.ts';
import { type Corruption, rlrLoss } from './loss.ts';
import { rlrParameters } from './parameters.ts';
import { rlrScore } from './score.ts';

export interface TrainingStepOptions {
  readonly network: RlrNetworkConfig;
  readonly batchSize: number;
  readonly corruption: Corruption;
  readonly adam: AdamConfig;
  /** Adds the output `gradient`, f32 `[P]`. Costs a pass over it, whether it is wanted or not. */
  readonly gradient?: boolean;
}

/**
 * Graph inputs: the state as `stateInputs` has it (`weights/…`, `firstMoment/…`, `secondMoment/…`);
 * `tokens` f32 `[N, L, C]`; `noise` as `corrupt` takes it; `stepSize`, `epsilon`, `keep` f32 scalars (`adamRates`).
 * Outputs: the state after the step (`stateLinks`), and `loss`, scalar, before the step.
 */
export function trainingStepProgram(options: TrainingStepOptions): TensorProgram {
  const { network, batchSize } = options;
  const pieces = statePieces(rlrParameters(network));
  const tokens = { shape: [batchSize, network.grid * network.grid, network.channels] };
  const noise = options.corruption.maskTokens
    ? { shape: [batchSize, network.grid * network.grid, 1] }
    : tokens;
  const inputs = {
    ...stateInputs(pieces),
    tokens,
    noise,
    ...RATE_INPUTS,
  };
  const body: TensorProgram['body'] = (given) => {
    const at = (name: string): Tensor => given[name] as Tensor;
    const lossOf = (...parameters: Tensor[]) =>
      rlrLoss(byName(parameters, pieces), at('tokens'), at('noise'), options.corruption, network);
    const { value, grads } = valueAndGrads(lossOf)(stateWeights(given, pieces));
    const outputs: Record<string, Tensor> = {
      loss: value,
      ...nextState(given, pieces, grads, options.adam),
    };
    if (options.gradient)
      outputs['gradient'] = concat(grads.map((part) => reshape(part, [part.size]) as Tensor1D));
    return outputs;
  };
  return { name: 'rlr-training-step', inputs, body };
}

export function traceTrainingStep(options: TrainingStepOptions): Uint8Array {
  return traceProgram(trainingStepProgram(options));
}

/**
 * The patch scores of several levels, weights baked in, batch open. Inputs `tokens0…` f32 `[N, L, C]`, outputs
 * `scores0…` f32 `[N, L]`.
 * @param levelWeights What each level's scores are multiplied by; as they are when left out.
 */
export function scoresProgram(
  networks: readonly RlrNetworkConfig[],
  weights: readonly Float32Array[],
  levelWeights: readonly number[] = networks.map(() => 1),
): TensorProgram {
  const weighted: LevelOutput = (parameters, tokens, network, level) => {
    const scores = rlrScore(parameters, tokens, network);
    const weight = levelWeights[level] ?? 1;
    return weight === 1 ? scores : mul(scores, weight);
  };
  return levelsProgram('scores', weighted, networks, weights);
}

export function traceScores(...given: Parameters<typeof scoresProgram>): Uint8Array {
  return traceProgram(scoresProgram(...given));
}

/** What the networks make of the tokens: as `traceScores`, with outputs `reconstructions0…` f32 `[N, L, C]`. */
export function traceReconstructions(
  networks: readonly RlrNetworkConfig[],
  weights: readonly Float32Array[],
): Uint8Array {
  return traceProgram(levelsProgram('reconstructions', rlrForward, networks, weights));
}

type LevelOutput = (
  parameters: Record<string, Tensor>,
  tokens: Tensor,
  network: RlrNetworkConfig,
  level: number,
) => Tensor;

function levelsProgram(
  output: string,
  compute: LevelOutput,
  networks: readonly RlrNetworkConfig[],
  weights: readonly Float32Array[],
): TensorProgram {
  const inputs = Object.fromEntries(
    networks.map((network, level) => [
      `tokens${level}`,
      { shape: [BATCH, network.grid * network.grid, network.channels] },
    ]),
  );
  const body: TensorProgram['body'] = (given) =>
    Object.fromEntries(
      networks.map((network, level) => {
        const parameters = constantParameters(
          rlrParameters(network),
          weights[level] as Float32Array,
        );
        const tokens = given[`tokens${level}`] as Tensor;
        return [`${output}${level}`, compute(parameters, tokens, network, level)];
      }),
    );
  return { name: `rlr-${output}`, inputs, batchPlaceholder: BATCH, body };
}
