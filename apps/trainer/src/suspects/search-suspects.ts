/**
 * @file Looks through the normal training images of a dataset version before anything is trained: each is compared with
 * the others by `retrieval`, which fits nothing, and those that stand out are kept with the map of where.
 */
import {
  ignoreMasks,
  leastSidePx,
  mapSize,
  retrieval,
  SEARCHED_IMAGES,
  SUSPECT_IMAGES,
  tileCount,
  toLevels,
} from '@plumbline/contracts';
import { openStores } from '@plumbline/data';
import { outlastDatabase } from '@plumbline/db';
import { fitViews, getMethod, NO_CHECKPOINTS, openBackbone } from '@plumbline/model';
import type { ChildTask } from '../child-main.ts';
import { throttled } from '../import/throttled.ts';
import { memoryFor } from '../machine/fit-memory.ts';
import { openExecutor } from '../machine/open-executor.ts';
import { scoreFolds } from '../training/evaluate/score-normal-images.ts';
import { type FeaturesContext, openRunFeatures } from '../training/features/open-run-features.ts';
import { crossFit } from '../training/fit/folds.ts';
import { requirePixels, requireTrainingImages } from '../training/fit/hold-out.ts';
import { labeled } from '../training/fit/labeled.ts';
import { DATABASE_WAIT_MS } from '../training/training-context.ts';
import { listSuspects } from './list-suspects.ts';

const PRESET = 'quick';
/** All patches with all: where images hardly differ, what sets one apart is less than what the short way leaves out. */
const SETTINGS = { closeShare: 1, images: SUSPECT_IMAGES, topShare: 0 };
/** Tells odd images as well as `standard` does, in less time. */
const BACKBONE = 'compact';
/** Only decides which images of a large category are scored. */
const SEED = 0;
/** Images whose maps are made at once. */
const MAP_BATCH = 8;

export async function searchSuspects(task: ChildTask): Promise<void> {
  const { database, attempt, signal } = task;
  const patience = { limitMs: DATABASE_WAIT_MS, signal };
  const context = await prepare(task);
  const { split, needs, levels, executor, views, ignore, report } = context;
  const images = split.fit.length;
  const { fit: features } = await openRunFeatures(context);
  try {
    const fitted = await fitViews(
      context.method,
      {
        ...{ preset: PRESET, seed: SEED, settings: SETTINGS, levels, executor, signal },
        categories: new Set(split.fit.map(({ category }) => category)).size,
        ...memoryFor({ of: 'machine' }),
        checkpoints: NO_CHECKPOINTS,
        features: labeled(features, needs),
        ...(split.folds === null ? {} : { folds: split.folds }),
        onProgress: ({ fraction }) => report(1 + fraction),
      },
      views,
    );
    const folds = {
      ...{ preprocessing: needs.preprocessing, split, fitted, ignore, batchSize: MAP_BATCH },
      load: (graph: Uint8Array) => executor.load(graph),
    };
    const scores = await scoreFolds({
      ...folds,
      async onProgress(done, total) {
        signal.throwIfAborted();
        report(2 + done / total);
      },
    });
    const { found, maps } = await listSuspects(scores, folds);
    const facts = { backbone: context.backbone.name, images, ...found };
    await outlastDatabase(() => database.suspects.succeed(attempt, facts, maps), patience);
  } finally {
    await features.close();
  }
}

/** Parts of about the same length: features, comparing, maps. */
const PARTS = 3;

async function prepare(task: ChildTask) {
  const { database, environment, attempt, signal } = task;
  const { manifest } = await outlastDatabase(
    async () => {
      const { name, version } = await database.suspects.input(attempt.id);
      return database.datasets.manifest(name, version);
    },
    { limitMs: DATABASE_WAIT_MS, signal },
  );
  const split = requireTrainingImages(crossFit(manifest.samples, SEED, SEARCHED_IMAGES));
  const needs = retrieval.needs(retrieval.resolve(PRESET, SETTINGS));
  const { preprocessing } = needs;
  const { imageSizePx } = preprocessing;
  const { executor } = await openExecutor(environment.executor, environment.threads);
  const reads = needs.input.kind === 'tokens' ? needs.input : undefined;
  const backbone = await openBackbone({
    ...{ backbone: BACKBONE, input: reads, executor, imageSizePx },
  });
  const levels = toLevels(backbone.featureTaps, imageSizePx);
  requirePixels([], split, leastSidePx(preprocessing, levels));
  const total = PARTS * split.fit.length;
  const write = throttled((done, all) => database.suspects.progress(attempt, done, all));
  /** @param parts Done, in parts of the work. */
  const report = (parts: number) => write(Math.round((parts * total) / PARTS), total);
  const features: FeaturesContext = {
    ...{ environment, signal, split, needs, levels, backbone, executor },
    blobs: openStores(environment.home, environment.store).blobs,
    views: { tiles: tileCount(preprocessing), rotations: needs.rotations ?? 1 },
    reporter: {
      progress: async (fraction) => report(fraction),
      log: async () => {},
      streams: () => {},
    },
  };
  const method = getMethod('retrieval');
  if (method.reads !== 'tokens') throw new Error('Retrieval reads tokens');
  return {
    ...{ ...features, method, report },
    ignore: ignoreMasks(manifest.ignore, mapSize(preprocessing)),
  };
}
