/** @file The stages `features` and `fit` of a run that adds images to a version. */
import { openRunFeatures } from '../features/open-run-features.ts';
import { fitBasics } from '../fit/fit-basics.ts';
import type { Fitted } from '../fit/fit-method.ts';
import { labeled } from '../fit/labeled.ts';
import type { RunCheckpoints } from '../fit/run-checkpoints.ts';
import type { TrainingContext } from '../training-context.ts';
import { type OpenedExtension, readParent } from './open-extension.ts';

export async function extendMethod(
  context: TrainingContext,
  extension: OpenedExtension,
  checkpoints: RunCheckpoints,
): Promise<Fitted> {
  const { reporter, method, split } = context;
  const { added, parent: version } = extension.facts;
  if (method.reads !== 'tokens' || method.extend === undefined || split.folds === null)
    throw new Error(`${method.definition.title} promised to take images and can't.`);
  await reporter.begin(
    'features',
    `Computing features of ${added.length} added images.`,
    'features',
  );
  const own = { fit: added, heldOut: [], folds: null };
  const { fit: features } = await openRunFeatures({ ...context, split: own });
  const started = performance.now();
  try {
    await reporter.begin('fit', `Adding ${added.length} images to version ${version}.`);
    const fitted = await method.extend({
      ...fitBasics(context, checkpoints),
      features: labeled(features, context.needs),
      folds: split.folds,
      parent: await readParent(extension),
    });
    for (const note of fitted.notes ?? []) await reporter.log(note);
    return { method: fitted, trainSeconds: (performance.now() - started) / 1000, decoder: null };
  } finally {
    await features.close();
    await reporter.flush();
  }
}
