/** @file RLR's training step, and its scores and reconstructions as graphs. */
import { mul, type Tensor } from '@tensorflow/tfjs-core';
import { constantParameters } from '../../nn/parameters.ts';
import { BATCH, type TensorProgram, traceProgram } from '../../trace/index.ts';
import { differentiate } from '../../training/differentiate.ts';
import type { ParameterGroup, StepSpec } from '../../training/trainable.ts';
import type { RlrNetworkConfig } from './config.ts';
import { rlrForward } from './forward.ts';
import { type Corruption, rlrLoss } from './loss.ts';
import { rlrParameters } from './parameters.ts';
import { rlrScore } from './score.ts';

export interface TrainingStepOptions extends Pick<ParameterGroup, 'optimizer' | 'learningRate'> {
  readonly network: RlrNetworkConfig;
  readonly batchSize: number;
  readonly corruption: Corruption;
}

const at = (inputs: Readonly<Record<string, Tensor>>, name: string) => inputs[name] as Tensor;

/** Inputs: `tokens` f32 `[N, L, C]`; `noise` as `corrupt` takes it. */
export function trainingStep(options: TrainingStepOptions): StepSpec {
  const { network, batchSize, corruption, optimizer, learningRate } = options;
  const length = network.grid * network.grid;
  const tokens = { shape: [batchSize, length, network.channels] };
  const noise = corruption.maskTokens ? { shape: [batchSize, length, 1] } : tokens;
  return {
    name: 'rlr',
    groups: [{ name: 'network', parameters: rlrParameters(network), optimizer, learningRate }],
    inputs: { tokens, noise },
    step: ({ parameters: given, inputs }) =>
      differentiate(given, (parameters) => ({
        loss: rlrLoss(parameters, at(inputs, 'tokens'), at(inputs, 'noise'), corruption, network),
      })),
  };
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
