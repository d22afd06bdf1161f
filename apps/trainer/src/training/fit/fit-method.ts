/** @file The stages `features` and `fit` of a training run. */
import { join } from 'node:path';
import { availableMemory } from 'node:process';
import { describeCoverage, type Sample } from '@plumbline/contracts';
import type { FittedMethod } from '@plumbline/model';
import { type CachedFeatures, openFeatureCache } from '../features/feature-cache.ts';
import type { TrainingContext } from '../training-context.ts';
import { trainingWarnings } from '../training-warnings.ts';
import { labeled } from './labeled.ts';
import type { RunCheckpoints } from './run-checkpoints.ts';
import { type TrainedDecoder, trainDecoder } from './train-decoder.ts';

export interface Fitted {
  readonly method: FittedMethod;
  /** Of the method, over all attempts. */
  readonly trainSeconds: number;
  /** Null when the run asks for none. */
  readonly decoder: TrainedDecoder | null;
}

/** Computes the features, or finds them in the cache, and fits the method, and the decoder if wanted, to them. */
export async function fitMethod(
  context: TrainingContext,
  featureGraph: Uint8Array,
  checkpoints: RunCheckpoints,
): Promise<Fitted> {
  const { executor, reporter, split, signal } = context;
  for (const warning of trainingWarnings(split, context.sizePx)) await reporter.warn(warning);
  await reporter.begin(
    'features',
    `Computing features of ${split.fit.length} normal images with ${context.backbone.name}.`,
    'features',
  );
  const seen = context.needs.heldOut ? split.heldOut : [];
  const total = split.fit.length + seen.length;
  const features = await openFeatures(context, featureGraph, split.fit, { before: 0, total });
  const heldOut = context.needs.heldOut
    ? await openFeatures(context, featureGraph, seen, { before: split.fit.length, total })
    : null;
  try {
    const taps = context.levels.map((level) => level.tap).join(', ');
    await reporter.begin(
      'fit',
      `Fitting ${context.method.definition.title} to ${features.count} images, feature taps ${taps}.`,
    );
    const fitted = await context.method.fit({
      preset: context.input.preset,
      settings: context.input.settings,
      seed: context.input.seed,
      ...(context.input.maxSteps === undefined ? {} : { maxSteps: context.input.maxSteps }),
      levels: context.levels,
      features: labeled(features, context.needs),
      ...(heldOut === null ? {} : { heldOut: labeled(heldOut, context.needs) }),
      ...(split.folds === null ? {} : { folds: split.folds }),
      executor,
      memoryBytes: availableMemory(),
      checkpoints: checkpoints.method,
      log: (text) => reporter.log(text),
      signal,
      onProgress: async (progress) => {
        const { part, step, steps, loss } = progress;
        if (loss !== null) reporter.addLoss({ level: part, step, loss });
        reporter.part(part);
        await reporter.progress(step / steps, `Fitting ${part}: step ${step} of ${steps}.`);
      },
    });
    const trainSeconds = checkpoints.method.seconds;
    await reporter.log(describeCoverage(fitted.coverage));
    for (const note of fitted.notes ?? []) await reporter.log(note);
    const decoder = context.input.decoder
      ? await trainDecoder(context, {
          ...{ features, fitted, samples: split.fit },
          checkpoints: checkpoints.decoder(),
        })
      : null;
    return { method: fitted, trainSeconds, decoder };
  } finally {
    await features.close();
    await heldOut?.close();
    await reporter.flush();
  }
}

function openFeatures(
  context: TrainingContext,
  featureGraph: Uint8Array,
  samples: readonly Sample[],
  { before, total }: { readonly before: number; readonly total: number },
): Promise<CachedFeatures> {
  const { environment, levels, blobs, executor, reporter, signal } = context;
  return openFeatureCache({
    folder: join(environment.home.cache, 'features'),
    limitBytes: environment.featureCacheBytes,
    graph: featureGraph,
    provider: executor.provider,
    samples,
    levels,
    blobs,
    loadGraph: async () => {
      // Only features that are not in the cache are computed, and timed.
      await reporter.progress(before / total, 'Computing features.');
      return executor.load(featureGraph);
    },
    onProgress: (done) =>
      done === null
        ? reporter.progress(0, 'Another trainer computes the same features; waiting for it.')
        : reporter.progress(
            (before + done) / total,
            `Features of ${before + done} of ${total} images.`,
          ),
    signal,
  });
}
