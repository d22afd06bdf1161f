/** @file The stage `fit` of a method that computes features in its steps: it is given images, and nothing is cached. */
import { availableMemory } from 'node:process';
import type { FittedMethod, ImagesMethod } from '@plumbline/model';
import { memoryFor } from '../../machine/fit-memory.ts';
import { openImageSource } from '../features/image-source.ts';
import type { TrainingContext } from '../training-context.ts';
import { fitBasics } from './fit-basics.ts';
import type { RunCheckpoints } from './run-checkpoints.ts';

/** Prepared images may take so much memory, or this share of what is free. */
const MOST_BYTES = 2e9;
const MOST_SHARE = 0.25;

export async function fitToImages(
  context: TrainingContext,
  method: ImagesMethod,
  checkpoints: RunCheckpoints,
): Promise<FittedMethod> {
  const { split, backbone, blobs, serving, signal, reporter, needs } = context;
  await reporter.begin(
    'fit',
    `Fitting ${method.definition.title} to ${split.fit.length} images, which each step reads; no features are kept.`,
  );
  const free = availableMemory();
  const limitBytes = Math.min(MOST_BYTES, MOST_SHARE * free);
  const { preprocessing } = needs;
  const source = { preprocessing, blobs, serving, signal };
  const images = await openImageSource({ ...source, samples: split.fit, limitBytes });
  try {
    const heldOut = needs.heldOut
      ? await openImageSource({ ...source, samples: split.heldOut, limitBytes: limitBytes / 4 })
      : null;
    try {
      return await method.fit({
        ...fitBasics(context, checkpoints),
        ...{ images, backbone },
        ...memoryFor(context.memory, 1.25 * limitBytes),
        ...(heldOut === null ? {} : { heldOut }),
      });
    } finally {
      await heldOut?.close();
    }
  } finally {
    await images.close();
  }
}
