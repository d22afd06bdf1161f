/** @file RLR's training step as one graph: loss, its gradients and Adam; state in, state out. */
import {
  concat,
  reshape,
  type Tensor,
  type Tensor1D,
  tensor,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import { type AdamConfig, adamStep } from '../../nn/adam.ts';
import { byName, parameterSize, totalSize, unpackTensors } from '../../nn/parameters.ts';
import { BATCH, type TensorProgram, traceProgram } from '../../trace/index.ts';
import type { RlrNetworkConfig } from './config.ts';
import { rlrLoss } from './loss.ts';
import { rlrParameters } from './parameters.ts';
import { rlrScore } from './score.ts';

export interface TrainingStepOptions {
  readonly network: RlrNetworkConfig;
  readonly batchSize: number;
  readonly jitterScale: number;
  readonly adam: AdamConfig;
}

/**
 * Graph inputs: `weights`, `firstMoment`, `secondMoment` f32 `[P]`; `tokens`, `noise` f32 `[N, L, C]`; `stepSize`,
 * `momentScale`, `decay` f32 scalars (`adamRates`). Outputs: `weightsNext`, `firstMomentNext`, `secondMomentNext`
 * f32 `[P]`, `loss` scalar before the step, and `gradient` f32 `[P]`.
 */
export function trainingStepProgram(options: TrainingStepOptions): TensorProgram {
  const { network, batchSize } = options;
  const specs = rlrParameters(network);
  const state = { shape: [totalSize(specs)] };
  const tokens = { shape: [batchSize, network.grid * network.grid, network.channels] };
  const scalar = { shape: [] };
  const inputs = {
    weights: state,
    firstMoment: state,
    secondMoment: state,
    tokens,
    noise: tokens,
    stepSize: scalar,
    momentScale: scalar,
    decay: scalar,
  };
  const body: TensorProgram['body'] = (given) => {
    const at = (name: keyof typeof inputs): Tensor => given[name] as Tensor;
    const pieces = unpackTensors(at('weights'), specs);
    const lossOf = (...parameters: Tensor[]) =>
      rlrLoss(byName(parameters, specs), at('tokens'), at('noise'), options.jitterScale, network);
    const { value, grads } = valueAndGrads(lossOf)(pieces);
    const gradient = concat(grads.map((part) => reshape(part, [part.size]) as Tensor1D));
    const next = adamStep(
      { weights: at('weights'), firstMoment: at('firstMoment'), secondMoment: at('secondMoment') },
      gradient,
      { stepSize: at('stepSize'), momentScale: at('momentScale'), decay: at('decay') },
      options.adam,
    );
    return {
      weightsNext: next.weights,
      firstMomentNext: next.firstMoment,
      secondMomentNext: next.secondMoment,
      loss: value,
      gradient,
    };
  };
  return { name: 'rlr-training-step', inputs, body };
}

/** The state of a step: which output is the input of the next one. */
export const TRAINING_STATE = {
  weights: 'weightsNext',
  firstMoment: 'firstMomentNext',
  secondMoment: 'secondMomentNext',
} as const;

export function traceTrainingStep(options: TrainingStepOptions): Uint8Array {
  return traceProgram(trainingStepProgram(options));
}

/**
 * The patch scores of several levels, weights baked in, batch open. Inputs `tokens0…` f32 `[N, L, C]`, outputs
 * `scores0…` f32 `[N, L]`.
 */
export function scoresProgram(
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
        const parameters = constantParameters(weights[level] as Float32Array, network);
        return [`scores${level}`, rlrScore(parameters, given[`tokens${level}`] as Tensor, network)];
      }),
    );
  return { name: 'rlr-scores', inputs, batchPlaceholder: BATCH, body };
}

export function traceScores(
  networks: readonly RlrNetworkConfig[],
  weights: readonly Float32Array[],
): Uint8Array {
  return traceProgram(scoresProgram(networks, weights));
}

/** Each parameter as a constant of its own, so that what depends on weights alone is folded when the graph is loaded. */
function constantParameters(flat: Float32Array, network: RlrNetworkConfig): Record<string, Tensor> {
  let offset = 0;
  return Object.fromEntries(
    rlrParameters(network).map((spec) => {
      const size = parameterSize(spec);
      const values = flat.slice(offset, offset + size);
      offset += size;
      return [spec.name, tensor(values, [...spec.shape])];
    }),
  );
}
