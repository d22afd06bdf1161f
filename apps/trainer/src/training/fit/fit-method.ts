/** @file The stages `features` and `fit` of a training run. */
import {
  coverageOfViews,
  describeCoverage,
  lookedThroughWords,
  versionNumberOf,
} from '@plumbline/contracts';
import {
  type FittedMethod,
  fitViews,
  type ImagesMethod,
  keptFeatures,
  viewsOf,
} from '@plumbline/model';
import { openRunFeatures } from '../features/open-run-features.ts';
import type { TrainingContext } from '../training-context.ts';
import { trainingWarnings } from '../training-warnings.ts';
import { fitBasics } from './fit-basics.ts';
import { fitToImages } from './fit-to-images.ts';
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
  checkpoints: RunCheckpoints,
): Promise<Fitted> {
  const { reporter, split, method } = context;
  const warnings = [...trainingWarnings(split, context.mapSize), ...context.smallMasks];
  for (const warning of warnings) await reporter.warn(warning);
  await sayLookedThrough(context);
  if (method.reads === 'images') return fitWithoutFeatures(context, method, checkpoints);
  await reporter.begin(
    'features',
    `Computing features of ${split.fit.length} normal images with ${context.backbone.name}.`,
    'features',
  );
  const { fit: features, heldOut } = await openRunFeatures(context);
  try {
    const taps = context.levels.map((level) => level.tap).join(', ');
    await reporter.begin(
      'fit',
      `Fitting ${method.definition.title} to ${split.fit.length} images, feature taps ${taps}.`,
    );
    const options = {
      ...fitBasics(context, checkpoints),
      features: labeled(features, context.needs),
      ...(heldOut === null ? {} : { heldOut: labeled(keptFeatures(heldOut), context.needs) }),
      ...(split.folds === null ? {} : { folds: split.folds }),
    };
    const fitted = withViews(await fitViews(method, options, context.views), context);
    const trainSeconds = checkpoints.method.seconds;
    await reporter.log(describeCoverage(fitted.coverage));
    for (const note of fitted.notes ?? []) await reporter.log(note);
    const decoder = context.input.decoder
      ? await trainDecoder(context, {
          ...{ features: keptFeatures(features), fitted, samples: split.fit },
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

/** Says what a search for suspects left open: they are trained on. */
async function sayLookedThrough({ lookedThrough, run, reporter }: TrainingContext): Promise<void> {
  if (lookedThrough === null) return;
  const words = lookedThroughWords(lookedThrough, versionNumberOf(run.datasetVersion) ?? 1);
  await (lookedThrough.undecided > 0 ? reporter.warn(words) : reporter.log(words));
}

/** Says what the method took for images. */
function withViews(fitted: FittedMethod, { method, views }: TrainingContext): FittedMethod {
  const each = method.definition.tilesAre === 'images' ? viewsOf(views) : 1;
  return { ...fitted, coverage: coverageOfViews(fitted.coverage, each) };
}

async function fitWithoutFeatures(
  context: TrainingContext,
  method: ImagesMethod,
  checkpoints: RunCheckpoints,
): Promise<Fitted> {
  const { reporter } = context;
  try {
    const fitted = withViews(await fitToImages(context, method, checkpoints), context);
    await reporter.log(describeCoverage(fitted.coverage));
    for (const note of fitted.notes ?? []) await reporter.log(note);
    return { method: fitted, trainSeconds: checkpoints.method.seconds, decoder: null };
  } finally {
    await reporter.flush();
  }
}
