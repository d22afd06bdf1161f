/** @file The features that a run is fitted to: kept in the cache, or computed as they are read where there is no room. */
import { join } from 'node:path';
import { isAveragePooled, type Sample } from '@plumbline/contracts';
import { buildFeatureGraph, type Features, viewsOf } from '@plumbline/model';
import type { TrainingContext } from '../training-context.ts';
import { openFeatureCache } from './feature-cache.ts';
import { NoRoomError } from './no-room-error.ts';
import { StreamedFeatures } from './streamed-features.ts';

export type OpenedFeatures = Features & { close(): Promise<void> };

/** What a run, or anything else that reads features, knows of them. */
export type FeaturesContext = Pick<
  TrainingContext,
  | 'environment'
  | 'split'
  | 'needs'
  | 'levels'
  | 'blobs'
  | 'executor'
  | 'signal'
  | 'backbone'
  | 'views'
> & { readonly reporter: Pick<TrainingContext['reporter'], 'progress' | 'log' | 'streams'> };

export interface RunFeatures {
  /** Of the images that the method is fitted to. */
  readonly fit: OpenedFeatures;
  /** Of the held-out ones; null when the method does not look at them. */
  readonly heldOut: OpenedFeatures | null;
}

/** @throws NoRoomError when the cache has no room for features that are read again and again. */
export async function openRunFeatures(context: FeaturesContext): Promise<RunFeatures> {
  const { split, needs } = context;
  const seen = needs.heldOut ? split.heldOut : [];
  const total = split.fit.length + seen.length;
  const fit = await openFeatures(context, split.fit, { before: 0, total });
  if (!needs.heldOut) return { fit, heldOut: null };
  try {
    const heldOut = await openFeatures(context, seen, { before: split.fit.length, total });
    return { fit, heldOut };
  } catch (error) {
    await fit.close();
    throw error;
  }
}

async function openFeatures(
  context: FeaturesContext,
  samples: readonly Sample[],
  { before, total }: { readonly before: number; readonly total: number },
): Promise<OpenedFeatures> {
  const { environment, levels, blobs, executor, reporter, signal, needs, backbone } = context;
  const { provider } = executor;
  // Whatever the method makes of them it makes as it reads, so that all methods share what is kept.
  const graph = buildFeatureGraph({
    ...{ backbone, preprocessing: needs.preprocessing, averagePool: false },
    rotations: needs.rotations,
    // Few drivers have halves.
    dtype: provider === 'webgpu' ? 'float32' : 'float16',
  });
  const averagePool = isAveragePooled(needs);
  const views = viewsOf(context.views);
  const source = { samples, levels, averagePool, blobs, provider, signal, views };
  try {
    return await openFeatureCache({
      ...source,
      folder: join(environment.home.cache, 'features'),
      limitBytes: environment.featureCacheBytes,
      graph,
      loadGraph: () => executor.load(graph),
      onProgress: (done) =>
        done === null
          ? reporter.progress(0, 'Another trainer computes the same features; waiting for it.')
          : reporter.progress(
              (before + done) / total,
              `Features of ${before + done} of ${total} images.`,
            ),
    });
  } catch (error) {
    const isInOrder = needs.input.kind === 'tokens' && needs.input.access === 'inOrder';
    if (!(error instanceof NoRoomError && isInOrder)) throw error;
    // Each pass computes them again: two of PatchCore, three of PaDiM. The cache, where they fit, costs one.
    await reporter.log(`${error.message} They are computed as they are read, once for each pass.`);
    reporter.streams();
    return new StreamedFeatures({ ...source, loadGraph: () => executor.load(graph) });
  }
}
