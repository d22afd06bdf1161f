/** @file CFLOW's flow, loss, gradients and densities against FrEIA and PyTorch, as the released code uses them. */
import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import { cflow as definition } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { exp, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import type { Mixing } from '../../nn/coupling.ts';
import { type ParameterSpec, totalSize } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { float32 } from '../../onnx/index.ts';
import type { TracedInput } from '../../trace/index.ts';
import { adam } from '../../training/optimizers.ts';
import { sampled, takeSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { flow, logDensities, placeCodes } from './forward.ts';
import { flowLoss } from './loss.ts';
import { flowParameters } from './parameters.ts';
import { densityProgram, patchScores } from './score.ts';

interface Fixture {
  readonly rotations: readonly number[][];
  readonly losses: readonly number[];
  /** Of a parameter at most eight numbers, evenly spread. */
  readonly gradients: Readonly<Record<string, number[]>>;
  readonly weights: Readonly<Record<string, number[]>>;
  readonly logLikelihoods: readonly number[];
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Fixture;

const LEVEL = { tap: 'layer2', grid: 4, channels: 5 };
const [VECTORS, CONDITION, KEPT] = [12, 128, 3];
const specs = flowParameters({ channels: LEVEL.channels, blocks: 2 });
const codes = placeCodes(LEVEL.grid);
const mixings = torch.rotations.map(
  (rotation): Mixing => ({ kind: 'soft', rotation: Float32Array.from(rotation) }),
);

/** What `make-fixtures.py` begins with. */
function startOf({ name, shape }: ParameterSpec): ArrayLike<number> {
  const block = 10 * Number(name.split('.')[1]);
  const [outs = 1, inputs = 1] = shape;
  const times = (values: Float64Array, scale: number) => values.map((value) => value * scale);
  if (/\.hidden\.(weight|condition)$/.test(name)) {
    const whole = times(formula(outs * (KEPT + CONDITION), block), 0.3);
    const first = name.endsWith('weight') ? 0 : KEPT;
    return Float64Array.from(
      { length: outs * inputs },
      (_, i) => whole[Math.floor(i / inputs) * (KEPT + CONDITION) + first + (i % inputs)]!,
    );
  }
  if (name.endsWith('hidden.bias')) return times(formula(outs, block + 1), 0.3);
  if (name.endsWith('out.weight')) return times(formula(outs * inputs, block + 2), 0.8);
  if (name.endsWith('out.bias')) return times(formula(outs, block + 3), 0.8);
  if (name.endsWith('offset')) return formula(outs, block + 5);
  return Float64Array.from({ length: outs }, () => 2 * Math.log(Math.exp(5) - 1));
}

const start = Float32Array.from(specs.flatMap((spec) => [...Array.from(startOf(spec))]));

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, what = ''): void {
  expect(found, what).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i]! - expected[i]!), `${what} ${i}`).toBeLessThan(1e-4);
}

const inputs: Record<string, TracedInput> = {
  vectors: { shape: [VECTORS, LEVEL.channels] },
  codes: { shape: [VECTORS, CONDITION] },
};
function feedsOf(step: number) {
  const places = Array.from({ length: VECTORS }, (_, i) => (5 * i + step) % LEVEL.grid ** 2);
  const own = places.flatMap((p) => [...codes.subarray(p * CONDITION, (p + 1) * CONDITION)]);
  const vectors = formula(VECTORS * LEVEL.channels, 100 + step).map((x) => 2 * x);
  return {
    vectors: float32([VECTORS, LEVEL.channels], Float32Array.from(vectors)),
    codes: float32([VECTORS, CONDITION], Float32Array.from(own)),
  };
}

/** @returns Losses of three steps, weights after them, and the gradient of the first. */
function train() {
  return takeSteps({
    ...{ specs, start, inputs, optimizer: adam(), learningRate: 0.01 },
    feeds: [0, 1, 2].map(feedsOf),
    loss: (parameters, { vectors, codes: places }) =>
      flowLoss(
        logDensities(flow(mixings, new Weights(parameters), vectors as Tensor, places as Tensor)),
      ),
  });
}

describe('CFLOW, as FrEIA and PyTorch compute it', () => {
  it('takes three steps, and gives the log-likelihoods of an image after them', async () => {
    const { losses, weights, gradient } = await train();
    expectClose(losses, torch.losses, 'losses');
    for (const [name, values] of Object.entries(sampled(specs, gradient)))
      expectClose(values, torch.gradients[name] ?? [], name);
    for (const [name, values] of Object.entries(sampled(specs, weights)))
      expectClose(values, torch.weights[name] ?? [], name);
    const session = await loadProgram(
      await createExecutor({ threads: 1 }),
      densityProgram({ level: LEVEL, mixings, whitening: null, weights }),
    );
    const image = formula(LEVEL.grid ** 2 * LEVEL.channels, 200).map((x) => 2 * x);
    const { densities } = await session.run({
      tokens: float32([1, 16, LEVEL.channels], Float32Array.from(image)),
    });
    await session.release();
    expect(densities?.shape).toEqual([1, 16]);
    expectClose(densities?.data as Float32Array, torch.logLikelihoods);
  });

  it.each([
    ['WideResNet-50', [512, 1024, 2048], 81_647_616],
    ['ResNet-18', [128, 256, 512], 8_620_032],
  ] as const)('has %s’ number of parameters', (_, levels, expected) => {
    const { blocks } = definition.resolve('paper');
    const sizes = levels.map((channels) => totalSize(flowParameters({ channels, blocks })));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(expected);
  });
});

describe('patch scores', () => {
  const densities = tensor([-3, -1, -1.5, 0], [1, 4]);

  it('are 1 − p/m as published, and clamped where something is likelier than all training images', () => {
    const expected = exp(tensor([-2, 0, -0.5, 0]))
      .dataSync()
      .map((x) => 1 - x);
    expectClose(patchScores(densities, -1, 'likelihood').dataSync(), expected);
  });

  it('are log m − log p by the logarithm, at least 0', () => {
    expectClose(patchScores(densities, -1, 'logLikelihood').dataSync(), [2, 0, 0.5, 0]);
  });
});
