import type { Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { concat, reshape, type Tensor, type Tensor1D, tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEagerExecutor, loadProgram, loadStatefulProgram } from '../../eager/index.ts';
import { jitter } from '../../nn/jitter.ts';
import { type ParameterSpec, parameterSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { type EmissionTarget, type TensorProgram, targetOf } from '../../trace/index.ts';
import { asDevice } from '../../trace/testing/as-device.ts';
import { adam } from '../../training/optimizers.ts';
import { joinState, splitState, stateLayout, stateLinks } from '../../training/state-layout.ts';
import { rateFeeds, stepProgram } from '../../training/step-program.ts';
import type { StepResult, StepSpec } from '../../training/trainable.ts';
import { type RlrNetworkConfig, windowFor } from './config.ts';
import { rlrForward } from './forward.ts';
import { rlrParameters } from './parameters.ts';
import { available, cases, pack, type ReferenceCase, readTensors } from './reference-cases.ts';
import { RELEASED_SCORE } from './score.ts';
import { scoresProgram, trainingStep } from './training-step.ts';

/** max|a − b| / max|b|. */
function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    scale = Math.max(scale, Math.abs(b[i]!));
  }
  return difference / scale;
}

/** The network of a case. */
function networkOf(reference: ReferenceCase): RlrNetworkConfig {
  const grid = Math.sqrt(reference.seq);
  return {
    grid,
    channels: reference.C,
    width: reference.d,
    layers: reference.layers,
    heads: reference.heads,
    window: windowFor(grid),
    blocks: reference.blocks,
    gate: reference.gate,
    referenceLength: reference.ref_len,
    referenceMode: 'released',
    referenceLoss: reference.ref_loss ?? false,
  };
}

/** The jittered tokens' reconstruction, weights baked in. */
function forwardProgram(
  reference: ReferenceCase,
  network: RlrNetworkConfig,
  weights: Float32Array,
): TensorProgram {
  const shape = [reference.N, reference.seq, reference.C];
  return {
    name: reference.name,
    inputs: { tokens: { shape }, noise: { shape } },
    body: (given) => {
      let offset = 0;
      const parameters = Object.fromEntries(
        rlrParameters(network).map((spec) => {
          const values = weights.slice(offset, offset + parameterSize(spec));
          offset += values.length;
          return [spec.name, tensor(values, [...spec.shape]) as Tensor];
        }),
      );
      const noisy = jitter(given['tokens']!, given['noise']!, reference.jitter_scale);
      return { y: rlrForward(parameters, noisy, network) };
    },
  };
}

/** The step with the output `gradient`, f32 `[P]`. */
function withGradient(spec: StepSpec, target: EmissionTarget): TensorProgram {
  const { pieces } = stateLayout(spec);
  let gradients: StepResult['gradients'] = {};
  const step: StepSpec['step'] = (given) => {
    const result = spec.step(given);
    gradients = result.gradients;
    return result;
  };
  const program = stepProgram({ ...spec, step }, target);
  return {
    ...program,
    body: (given) => {
      const outputs = program.body(given);
      const parts = pieces.map(({ name }) => gradients[name] as Tensor);
      const gradient = concat(parts.map((part) => reshape(part, [part.size]) as Tensor1D));
      return { ...outputs, gradient };
    },
  };
}

/** @param steps of training; three are compared by the weights that they end with, fewer by loss and gradient alone. */
async function checkCase(reference: ReferenceCase, executor: Executor, steps = 3): Promise<void> {
  const network = networkOf(reference);
  const specs = rlrParameters(network);
  const tensors = readTensors(reference.name);
  const shape = [reference.N, reference.seq, reference.C];
  const tokens = float32(shape, tensors['input.x']!);
  const noise = float32(shape, tensors['input.noise']!);
  const weights = pack(tensors, 'param', specs);

  const forward = await loadProgram(executor, forwardProgram(reference, network, weights));
  const { y } = await forward.run({ tokens, noise });
  expect(relativeError(y!.data as Float32Array, tensors['output.y']!)).toBeLessThan(1e-4);

  const spec = trainingStep({
    network,
    batchSize: reference.N,
    corruption: { jitterScale: reference.jitter_scale, maskTokens: false },
    whitening: null,
    optimizer: adam(),
    learningRate: () => reference.lr,
  });
  const target = targetOf(executor.provider);
  const layout = stateLayout(spec, target);
  const step = await loadStatefulProgram(
    executor,
    withGradient(spec, target),
    stateLinks(layout),
    splitState(layout, {
      weights,
      firstMoment: new Float32Array(weights.length),
      secondMoment: new Float32Array(weights.length),
    }),
  );
  for (let t = 1; t <= steps; t++) {
    const rates = rateFeeds(spec.groups, t - 1);
    const result = await step.step({ tokens, noise, ...rates }, ['loss', 'gradient']);
    expect(Number(result['loss']!.data[0])).toBeCloseTo(reference.losses[t - 1]!, 4);
    if (t === 1)
      expectParts(result['gradient']!.data as Float32Array, tensors, 'grad', specs, 1e-3);
  }
  const state = joinState(layout, await step.readState());
  if (steps === 3) expectParts(state['weights'] as Float32Array, tensors, 'after3', specs, 1e-4);

  const scores = await loadProgram(
    executor,
    scoresProgram([
      {
        ...{ network, weights: pack(tensors, 'after3', specs) },
        ...{ whitening: null, score: RELEASED_SCORE },
      },
    ]),
  );
  const scored = await scores.run({ tokens0: tokens });
  expect(
    relativeError(scored['scores0']!.data as Float32Array, tensors['output.score_tokens']!),
  ).toBeLessThan(1e-4);
  await Promise.all([forward.release(), step.release(), scores.release()]);
}

const perCase = cases.map((c) => [c.name, c] as const);

describe.skipIf(!available)(
  'RLR, traced, against the released network (skipped without ../shared/reference)',
  () => {
    it.each(perCase)('%s', async (_, reference) => {
      await checkCase(reference, await createExecutor());
    });
  },
);

describe.skipIf(!available)(
  'RLR, traced for a device, against the released network (skipped without ../shared/reference)',
  () => {
    // Local attention, a gate network, several references.
    const chosen = perCase.filter(([name]) => /32x32|gatenet|ref2/.test(name));
    it.each(chosen)('%s', async (_, reference) => {
      await checkCase(reference, asDevice(await createExecutor()));
    });
  },
);

describe.skipIf(!available)(
  'RLR, eager, against the released network (skipped without ../shared/reference)',
  () => {
    // The finer grid is the same program, and half a minute of plain JavaScript.
    const chosen = perCase.filter(([name]) => !name.includes('32x32'));
    it.each(chosen)('%s', async (_, reference) => {
      const graphs = await createExecutor();
      // What follows a gradient is the same for every network, and seconds of plain JavaScript.
      const steps = reference.name.startsWith('sa') ? 3 : 1;
      await checkCase(reference, createEagerExecutor({ backend: 'tfjs-cpu', graphs }), steps);
    });
  },
);

/** Compares parameter by parameter, relative to each one's largest value. */
function expectParts(
  flat: Float32Array,
  tensors: Record<string, Float32Array>,
  prefix: string,
  specs: readonly ParameterSpec[],
  tolerance: number,
): void {
  let offset = 0;
  for (const spec of specs) {
    const size = parameterSize(spec);
    const expected = tensors[`${prefix}.${spec.name}`]!.slice();
    const actual = flat.slice(offset, offset + size);
    offset += size;
    if (spec.name.endsWith('in_proj_bias')) {
      // The gradient of the keys' bias is zero in exact arithmetic; Adam turns its rounding noise into whole steps.
      expected.fill(0, size / 3, (2 * size) / 3);
      actual.fill(0, size / 3, (2 * size) / 3);
    }
    expect(relativeError(actual, expected), `${prefix}.${spec.name}`).toBeLessThan(tolerance);
  }
}
