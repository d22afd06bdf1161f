/** @file The first pass over the training images: the sums of their groups, which are copies, and what they are looked up by. */
import { readOnce } from '@plumbline/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';
import { loadProgram, type ProgramSession } from '../../eager/load-program.ts';
import { float32 } from '../../onnx/index.ts';
import { BATCH } from '../../trace/index.ts';
import { describedLevels, describeImages, descriptorSize } from '../image-descriptor.ts';
import type { FitOptions } from '../method.ts';
import { tokenInputs } from '../step-feeds.ts';
import { Probes } from './factor-error.ts';
import type { PadimEmbedding } from './forward.ts';
import { CopyFinder } from './leave-one-out.ts';
import { GaussianAccumulator } from './parameters.ts';
import { eachEmbedding } from './read-images.ts';
import type { Groups } from './route.ts';
import type { Report } from './work.ts';

export interface Survey {
  /** Of each group. */
  readonly sums: readonly GaussianAccumulator[];
  /** `[images]`: a number of each, the same for copies. */
  readonly pictures: Int32Array;
  /** f32 `[images, E]`; empty where there is one group. */
  readonly descriptors: Float32Array;
  /** A few images of each group as they are embedded; of none where there is one group. */
  readonly probes: Probes;
}

export interface SurveyOf {
  readonly plan: PadimEmbedding;
  readonly groups: Groups;
}

/** What progress is told of while the images are read. */
export const SUMS_PART = 'sums of the images';
export const surveyCoverage = (images: number) => [readOnce(SUMS_PART, images)];

export async function surveyImages(
  options: FitOptions,
  { plan, groups }: SurveyOf,
  report: Report,
): Promise<Survey> {
  const { features, levels } = options;
  const sums = groups.names.map(() => new GaussianAccumulator(plan.grid ** 2, plan.size));
  const finder = new CopyFinder(features.count);
  const probes = new Probes(groups, plan);
  const described = describedLevels(levels);
  const size = groups.names.length > 1 ? descriptorSize(described) : 0;
  const descriptors = new Float32Array(features.count * size);
  const session = size === 0 ? null : await loadProgram(options.executor, describeProgram(options));
  const images = Int32Array.from({ length: features.count }, (_, image) => image);
  const onBatch = async (tokens: readonly Float32Array[], before: number) => {
    if (session !== null) descriptors.set(await describe(session, options, tokens), before * size);
  };
  try {
    await eachEmbedding(options, { plan, images, report, onBatch }, ({ image, position }, x) => {
      sums[groups.of[image] as number]?.add(position, x);
      finder.add(image, x);
      probes.add({ image, position }, x);
    });
  } finally {
    await session?.release();
  }
  return { sums, pictures: finder.pictures(), descriptors, probes };
}

function describeProgram({ levels }: Pick<FitOptions, 'levels'>) {
  const inputs = tokenInputs(levels, BATCH);
  const body = (given: Readonly<Record<string, Tensor>>) => {
    const tokens = levels.map((_, level) => given[`tokens${level}`] as Tensor);
    return { descriptors: describeImages(tokens, describedLevels(levels)) };
  };
  return { name: 'padim-descriptors', inputs, batchPlaceholder: BATCH, body };
}

async function describe(
  session: ProgramSession,
  { levels }: Pick<FitOptions, 'levels'>,
  tokens: readonly Float32Array[],
): Promise<Float32Array> {
  const feeds = levels.map(({ grid, channels }, level) => {
    const values = tokens[level] as Float32Array;
    const images = values.length / (grid ** 2 * channels);
    return [`tokens${level}`, float32([images, grid ** 2, channels], values)];
  });
  const { descriptors } = await session.run(Object.fromEntries(feeds));
  return descriptors?.data as Float32Array;
}
