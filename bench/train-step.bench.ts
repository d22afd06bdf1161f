/**
 * @file One RLR training step (noise, forward, backward, Adam) on random tokens, at the two feature levels of the paper:
 * 16×16 (C = 200, d = 512) and 32×32 (C = 72, d = 256), 4 layers, 8 heads. Each level has a process of its own, so that
 * its peak memory is its own.
 *
 *     npm run bench -- train-step --json [--level 16|32] [--batch 4] [--threads 2] [--steps 12] [--provider cpu]
 *     npm run bench -- train-step --json --against "python ../shared/bench/torch_rlr_step.py"
 *
 * `--against` runs another engine after each level, with the same `--level --batch --threads --steps`; it prints a line
 * of JSON with `medianMs`, `minMs` and `peakRssMb`, and the row then holds it and the ratios. `--rounds` repeats the
 * pairs (3 with `--against`): medians of the medians, the least minimum, the highest memory.
 */
import { parseArgs } from 'node:util';
import { createExecutor, type ExecutorOptions } from '@plumbline/runtime';
import { loadStatefulProgram } from '../packages/model/src/eager/load-program.ts';
import { type RlrNetworkConfig, windowFor } from '../packages/model/src/methods/rlr/config.ts';
import { rlrParameters } from '../packages/model/src/methods/rlr/parameters.ts';
import { trainingStep } from '../packages/model/src/methods/rlr/training-step.ts';
import { initializeParameters } from '../packages/model/src/nn/parameters.ts';
import { RandomStream } from '../packages/model/src/nn/random.ts';
import { fillTabledNormal } from '../packages/model/src/nn/tabled-normal.ts';
import { float32 } from '../packages/model/src/onnx/index.ts';
import { targetOf } from '../packages/model/src/trace/index.ts';
import { adam } from '../packages/model/src/training/optimizers.ts';
import {
  splitState,
  stateLayout,
  stateLinks,
} from '../packages/model/src/training/state-layout.ts';
import { rateFeeds, stepProgram } from '../packages/model/src/training/step-program.ts';
import { median, numberOf, runJson, runOther } from './against.ts';
import { peakRssMb } from './report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    level: { type: 'string', multiple: true, default: ['16', '32'] },
    batch: { type: 'string', default: '4' },
    threads: { type: 'string', default: '2' },
    steps: { type: 'string', default: '12' },
    provider: { type: 'string', default: 'cpu' },
    against: { type: 'string' },
    rounds: { type: 'string' },
    /** What the process of a level is started with. */
    row: { type: 'boolean', default: false },
  },
});

interface Timing {
  readonly medianMs: number;
  readonly minMs: number;
  readonly peakRssMb: number;
}

interface Row extends Timing {
  /** `16x16` or `32x32`. */
  readonly level: string;
  readonly provider: string;
  readonly batch: number;
  readonly threads: number;
  /** The other engine, and ours as a multiple of it. */
  readonly against?: Timing & { command: string; medianRatio: number; memoryRatio: number };
}

const SIZES: Readonly<Record<string, { channels: number; width: number }>> = {
  16: { channels: 200, width: 512 },
  32: { channels: 72, width: 256 },
};

/** Steps before those that count. */
const WARM_UP = 3;

const LEARNING_RATE = 1e-4;

const rounded = (value: number): number => Math.round(value * 10) / 10;

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} needs a whole number.`);
  return value;
}

function networkOf(level: string): RlrNetworkConfig {
  const size = SIZES[level];
  if (size === undefined) throw new Error(`--level is one of ${Object.keys(SIZES).join(', ')}.`);
  const grid = Number(level);
  return {
    grid,
    ...size,
    layers: 4,
    heads: 8,
    window: windowFor(grid),
    blocks: ['mca', 'nsa'],
    gate: 'none',
    referenceLength: 1,
    referenceMode: 'released',
    referenceLoss: false,
  };
}

async function measure(level: string, batch: number, threads: number, steps: number): Promise<Row> {
  const network = networkOf(level);
  const executor = await createExecutor({
    provider: values.provider as NonNullable<ExecutorOptions['provider']>,
    threads,
  });
  const spec = trainingStep({
    network,
    batchSize: batch,
    corruption: { jitterScale: 4, maskTokens: false },
    whitening: null,
    optimizer: adam(),
    learningRate: () => LEARNING_RATE,
  });
  const target = targetOf(executor.provider);
  const layout = stateLayout(spec, target);
  const weights = initializeParameters(
    rlrParameters(network),
    RandomStream.from(0, `weights/grid${level}`),
  );
  const zeros = () => new Float32Array(weights.length);
  const session = await loadStatefulProgram(
    executor,
    stepProgram(spec, target),
    stateLinks(layout),
    splitState(layout, { weights, firstMoment: zeros(), secondMoment: zeros() }),
  );
  const shape = [batch, network.grid ** 2, network.channels];
  const [tokens, noise] = [new Float32Array(size(shape)), new Float32Array(size(shape))];
  RandomStream.from(0, 'tokens').fillNormal(tokens);
  const stream = RandomStream.from(0, 'noise');
  const times: number[] = [];
  for (let step = 0; step < steps + WARM_UP; step++) {
    const started = performance.now();
    fillTabledNormal(stream, noise);
    const { loss } = await session.step(
      {
        tokens: float32(shape, tokens),
        noise: float32(shape, noise),
        ...rateFeeds(spec.groups, step),
      },
      ['loss'],
    );
    if (!Number.isFinite(Number(loss?.data[0]))) throw new Error(`No loss at step ${step}.`);
    if (step >= WARM_UP) times.push(performance.now() - started);
  }
  await session.release();
  return {
    level: `${level}x${level}`,
    provider: executor.provider,
    batch,
    threads,
    medianMs: rounded(median(times)),
    minMs: rounded(Math.min(...times)),
    peakRssMb: peakRssMb(),
  };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

const timingOf = (printed: Readonly<Record<string, unknown>>): Timing => ({
  medianMs: numberOf(printed, 'medianMs'),
  minMs: numberOf(printed, 'minMs'),
  peakRssMb: numberOf(printed, 'peakRssMb'),
});

const over = (timings: readonly Timing[]): Timing => ({
  medianMs: median(timings.map(({ medianMs }) => medianMs)),
  minMs: Math.min(...timings.map(({ minMs }) => minMs)),
  peakRssMb: Math.max(...timings.map((timing) => timing.peakRssMb)),
});

/** Ours and the other's, in turn, each in a process of its own. */
function compare(level: string): Row {
  const { batch, threads, steps, provider, against } = values;
  const shared = ['--level', level, '--batch', batch, '--threads', threads, '--steps', steps];
  const own = ['--import', 'tsx', import.meta.filename, '--row', '--provider', provider, ...shared];
  const rows: Row[] = [];
  const others: Timing[] = [];
  for (
    let round = wholeNumber('rounds', values.rounds ?? (against === undefined ? '1' : '3'));
    round > 0;
    round--
  ) {
    rows.push(runJson(process.execPath, own) as unknown as Row);
    if (against !== undefined) others.push(timingOf(runOther(against, shared)));
  }
  const row: Row = { ...(rows[0] as Row), ...over(rows) };
  if (against === undefined) return row;
  const other = over(others);
  const medianRatio = Number((row.medianMs / other.medianMs).toFixed(3));
  const memoryRatio = Number((row.peakRssMb / other.peakRssMb).toFixed(3));
  return { ...row, against: { command: against, ...other, medianRatio, memoryRatio } };
}

function print(rows: readonly Row[]): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ bench: 'train-step', rows })}\n`);
    return;
  }
  for (const { against, ...row } of rows) console.table({ ...row, ...against });
}

if (values.row) {
  const [batch, threads, steps] = (['batch', 'threads', 'steps'] as const).map((name) =>
    wholeNumber(name, values[name]),
  ) as [number, number, number];
  const row = await measure(values.level[0] ?? '', batch, threads, steps);
  process.stdout.write(`${JSON.stringify(row)}\n`);
} else {
  print(values.level.map(compare));
}
