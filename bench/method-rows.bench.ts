/**
 * @file Methods beside each other on one dataset, in one process: metrics of the test split, seconds to fit with features
 * that are there, and milliseconds an image from pixels to score, the methods taking turns image by image, so that other
 * work on the machine slows all of them alike. Without database and bundle.
 *
 *     npm run bench -- method-rows --images sample --backbone standard --methods retrieval,patchcore --seeds 0,1,2
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type GraphSession, imageFeed, type PresetName, type Sample } from '@plumbline/contracts';
import { decodeMask, decodeSample, resizeMask } from '@plumbline/data';
import { Evaluator, thresholdEffect } from '@plumbline/eval';
import { getMethod } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { readSettings } from '../apps/cli/src/read-settings.ts';
import { quantile } from '../apps/trainer/src/training/evaluate/measure-latency.ts';
import { type ImageScore, scoresOf } from '../apps/trainer/src/training/evaluate/score-images.ts';
import { type FoldedFit, openFoldedMethod, openImages } from './folded-fit.ts';

const { values } = parseArgs({
  options: {
    /** A folder, or `sample`. */
    images: { type: 'string', default: 'sample' },
    work: { type: 'string', default: join(tmpdir(), 'plumbline-method-rows') },
    /** Names of methods, each with a preset after a colon if it is not `quick`. */
    methods: { type: 'string', default: 'retrieval,patchcore' },
    backbone: { type: 'string', default: 'standard' },
    /** `float32`, `int8` or both: each method with the backbone in each. */
    precisions: { type: 'string', default: 'float32' },
    seeds: { type: 'string', default: '0' },
    /** Settings of the first method. */
    set: { type: 'string', multiple: true, default: [] },
  },
});

const executor = await createExecutor();
const { samples, blobs } = await openImages(values.images, values.work);
const normal = samples.filter(({ split }) => split === 'train');
const test = samples
  .filter((sample) => sample.split === 'test')
  .sort((a, b) => a.category.localeCompare(b.category) || a.path.localeCompare(b.path));
for (const seed of values.seeds.split(',').map(Number)) await compare(seed);
process.exit(0);

interface Fitted {
  readonly name: string;
  readonly sizePx: number;
  readonly session: GraphSession;
  readonly fitSeconds: number;
  /** Of a method that is trained. */
  readonly steps: number | null;
  readonly fileMb: number;
  readonly profile: FoldedFit['profile'];
  readonly evaluator: Evaluator;
  readonly milliseconds: number[];
  /** Of all cores: what other work on the machine changes little. */
  readonly processor: number[];
  readonly images: (Sample & { readonly imageScore: number })[];
}

async function compare(seed: number): Promise<void> {
  const all: Fitted[] = [];
  for (const [index, name] of values.methods.split(',').entries())
    for (const precision of values.precisions.split(','))
      all.push(await fitOne({ name, precision, seed, set: index === 0 ? values.set : [] }));
  for (const sample of test) for (const one of all) await score(one, sample);
  console.log(`\n${values.images}, ${values.backbone}, seed ${seed}`);
  console.table(all.map(rowOf));
  for (const { session } of all) await session.release();
}

interface Asked {
  /** With a preset after a colon. */
  readonly name: string;
  readonly precision: string;
  readonly seed: number;
  readonly set: readonly string[];
}

async function fitOne({ precision, seed, set, ...asked }: Asked): Promise<Fitted> {
  const [name = '', preset = 'quick'] = asked.name.split(':') as [string, PresetName?];
  const { definition } = getMethod(name);
  const method = await openFoldedMethod({
    ...{ method: name, preset, settings: readSettings(set, definition.fields) },
    ...{ backbone: values.backbone, work: values.work, blobs, executor },
    ...(precision === 'int8' ? { calibrateOn: normal } : {}),
    isHalved: precision === 'float16',
  });
  const { imageSizePx } = method;
  const { fitted, model, seconds, profile } = await method.fit(samples, seed);
  return {
    name: precision === 'float32' ? asked.name : `${asked.name} ${precision}`,
    sizePx: imageSizePx,
    session: await executor.load(model),
    fitSeconds: seconds,
    steps: typeof fitted.config['steps'] === 'number' ? fitted.config['steps'] : null,
    fileMb: model.length / 1e6,
    profile,
    evaluator: new Evaluator(
      { height: imageSizePx, width: imageSizePx },
      { categories: test.map(({ category }) => category), resamples: 0 },
    ),
    milliseconds: [],
    processor: [],
    images: [],
  };
}

async function score(one: Fitted, sample: Sample): Promise<void> {
  const { path, category, label, mask, maskRule } = sample;
  const last = one.images.at(-1)?.category;
  if (last !== undefined && last !== category) one.evaluator.evaluateCategory(last);
  const bytes = await blobs.read(sample.image.sha256);
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = await one.session.run(imageFeed([await decodeSample(bytes, sample)]));
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(used);
  const [{ imageScore, anomalyMap }] = scoresOf(result, 1) as [ImageScore];
  const truth =
    mask === null
      ? null
      : resizeMask(
          await decodeMask(await blobs.read(mask.sha256), path, maskRule),
          one.sizePx,
          one.sizePx,
        );
  one.evaluator.add({ path, category, label, imageScore, anomalyMap, mask: truth?.data ?? null });
  one.milliseconds.push(milliseconds);
  one.processor.push((user + system) / 1000);
  one.images.push({ ...sample, imageScore });
}

function rowOf(one: Fitted): Record<string, string | number> {
  const { mean, categories } = one.evaluator.evaluate();
  const { missed, anomalous, falseAlarms, normal } = thresholdEffect(one.images, one.profile).total;
  const percent = (value: number | null) => Number((100 * (value ?? Number.NaN)).toFixed(2));
  const lowest = Math.min(...Object.values(categories).map(({ imageAuroc }) => imageAuroc ?? 1));
  return {
    method: one.name,
    'image AUROC': percent(mean.imageAuroc),
    'image AP': percent(mean.imageAp),
    'image F1-max': percent(mean.imageF1Max),
    'lowest category': percent(lowest),
    'pixel AUROC': percent(mean.pixelAuroc),
    'pixel AP': percent(mean.pixelAp),
    'pixel F1-max': percent(mean.pixelF1Max),
    'AUPRO@0.30': percent(mean.aupro30),
    missed: `${missed} of ${anomalous}`,
    'false alarms': `${falseAlarms} of ${normal}`,
    'fit, s': Number(one.fitSeconds.toFixed(1)),
    ...(one.steps === null ? {} : { steps: one.steps }),
    'image, ms (median)': Number(quantile(one.milliseconds, 0.5).toFixed(1)),
    'image, ms (fastest tenth)': Number(quantile(one.milliseconds, 0.1).toFixed(1)),
    'image, processor ms (median)': Number(quantile(one.processor, 0.5).toFixed(1)),
    'file, MB': Math.round(one.fileMb),
  };
}
