/** @file RLR's training step, and its scores and reconstructions as graphs. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { constantParameters } from '../../nn/parameters.ts';
import { BATCH, type TensorProgram, traceProgram } from '../../trace/index.ts';
import { differentiate } from '../../training/differentiate.ts';
import type { ParameterGroup, StepSpec } from '../../training/trainable.ts';
import { unwhitened, type Whitening, whitened } from '../whitening.ts';
import type { RlrNetworkConfig } from './config.ts';
import { rlrForward } from './forward.ts';
import { type Corruption, rlrLoss } from './loss.ts';
import { rlrParameters } from './parameters.ts';
import { rlrScore, type ScoreWeights } from './score.ts';

export interface TrainingStepOptions extends Pick<ParameterGroup, 'optimizer' | 'learningRate'> {
  readonly network: RlrNetworkConfig;
  readonly batchSize: number;
  readonly corruption: Corruption;
  readonly whitening: Whitening | null;
}

const at = (inputs: Readonly<Record<string, Tensor>>, name: string) => inputs[name] as Tensor;

/** Inputs: `tokens` f32 `[N, L, C]`; `noise` as `corrupt` takes it. */
export function trainingStep(options: TrainingStepOptions): StepSpec {
  const { network, batchSize, corruption, optimizer, learningRate, whitening } = options;
  const length = network.grid * network.grid;
  const tokens = { shape: [batchSize, length, network.channels] };
  const noise = corruption.maskTokens ? { shape: [batchSize, length, 1] } : tokens;
  return {
    name: 'rlr',
    groups: [{ name: 'network', parameters: rlrParameters(network), optimizer, learningRate }],
    inputs: { tokens, noise },
    step: ({ parameters: given, inputs }) => {
      const clean = whitened(at(inputs, 'tokens'), whitening);
      return differentiate(given, (parameters) => ({
        loss: rlrLoss(parameters, clean, at(inputs, 'noise'), corruption, network),
      }));
    },
  };
}

/** A level as it is published. */
export interface FittedLevel {
  readonly network: RlrNetworkConfig;
  readonly weights: Float32Array;
  readonly whitening: Whitening | null;
  readonly score: ScoreWeights;
}

/**
 * The patch scores of several levels, weights baked in, batch open. Inputs `tokens0…` f32 `[N, L, C]`, outputs
 * `scores0…` f32 `[N, L]`.
 */
export function scoresProgram(levels: readonly FittedLevel[]): TensorProgram {
  return levelsProgram('scores', levels, (parameters, tokens, { network, whitening, score }) =>
    rlrScore(parameters, whitened(tokens, whitening), network, score),
  );
}

export function traceScores(levels: readonly FittedLevel[]): Uint8Array {
  return traceProgram(scoresProgram(levels));
}

/** What the networks make of the tokens: as `traceScores`, with outputs `reconstructions0…` f32 `[N, L, C]`. */
export function traceReconstructions(levels: readonly FittedLevel[]): Uint8Array {
  return traceProgram(
    levelsProgram('reconstructions', levels, (parameters, tokens, { network, whitening }) =>
      unwhitened(rlrForward(parameters, whitened(tokens, whitening), network), whitening),
    ),
  );
}

type LevelOutput = (
  parameters: Record<string, Tensor>,
  tokens: Tensor,
  level: FittedLevel,
) => Tensor;

function levelsProgram(
  output: string,
  levels: readonly FittedLevel[],
  compute: LevelOutput,
): TensorProgram {
  const inputs = Object.fromEntries(
    levels.map(({ network: { grid, channels } }, level) => [
      `tokens${level}`,
      { shape: [BATCH, grid * grid, channels] },
    ]),
  );
  const body: TensorProgram['body'] = (given) =>
    Object.fromEntries(
      levels.map((fitted, level) => {
        const parameters = constantParameters(rlrParameters(fitted.network), fitted.weights);
        const tokens = given[`tokens${level}`] as Tensor;
        return [`${output}${level}`, compute(parameters, tokens, fitted)];
      }),
    );
  return { name: `rlr-${output}`, inputs, batchPlaceholder: BATCH, body };
}
