/** @file Whether a run that repeats a model version gave the same numbers. */
import { isDeepStrictEqual } from 'node:util';
import {
  ALL_METRIC_NAMES,
  DomainError,
  type ImageResult,
  isComputed,
  lookUp,
  type Metrics,
  type ModelVersion,
  type Reproduction,
  type Run,
} from '@plumbline/contracts';
import type { Services } from '../context.ts';
import { imagesOf } from './board-source.ts';
import { resolvedSettings } from './configuration-of.ts';

/** Every attempt to repeat a version, newest first. @throws DomainError NOT_FOUND */
export async function listReproductions(
  context: Services,
  model: string,
  version: number,
): Promise<Reproduction[]> {
  const row = await context.database.models.get(model, version);
  const runs = await context.database.runs.list({
    dataset: row.manifest.lineage.dataset,
    limit: 500,
  });
  const repeating = runs.filter(
    ({ reproduces }) => reproduces?.model === model && reproduces.version === version,
  );
  return Promise.all(repeating.map((run) => reproductionOf(context, row, run)));
}

async function reproductionOf(
  context: Services,
  before: ModelVersion,
  run: Run,
): Promise<Reproduction> {
  const base = {
    model: before.model,
    modelVersion: before.version,
    run: run.id,
    reproducedAs: run.modelVersion,
    largestImageScoreDifference: null,
    largestMetricDifference: null,
    metrics: [],
  };
  if (run.status === 'failed' || run.status === 'cancelled') {
    const message = run.error?.message ?? `The run was ${run.status}.`;
    return { ...base, status: 'failed', message };
  }
  if (run.modelVersion === null)
    return { ...base, status: 'waiting', message: `The run is ${run.status}.` };
  const after = await context.database.models.get(run.model, run.modelVersion);
  const metrics = metricDifferences(before, after);
  const scores = largestScoreDifference(
    await imagesOf(context, before),
    await imagesOf(context, after),
  );
  const isSame = metrics.length === 0 && scores === 0;
  return {
    ...base,
    status: isSame ? 'same' : 'different',
    message: isSame
      ? `Version ${after.version} repeats version ${before.version}: every metric and every image score is the same.`
      : describeDifference(before, after, scores),
    largestImageScoreDifference: scores,
    largestMetricDifference: largestDifference(metrics),
    metrics,
  };
}

/** Over metrics that both define: what one of them leaves undefined has no size, and is listed. Null where there are only such. */
export function largestDifference(metrics: Reproduction['metrics']): number | null {
  if (metrics.length === 0) return 0;
  const sizes = metrics.flatMap(({ before, after }) =>
    before === null || after === null ? [] : [Math.abs(before - after)],
  );
  return sizes.length === 0 ? null : Math.max(...sizes);
}

/** Metrics that are not equal to the last bit. */
function metricDifferences(before: ModelVersion, after: ModelVersion): Reproduction['metrics'] {
  const one = before.manifest;
  const other = after.manifest;
  // A metric that one of them did not know yet is no difference.
  const metrics = ALL_METRIC_NAMES.filter(
    (metric) => isComputed(one, metric) && isComputed(other, metric),
  );
  const names = [...new Set([...Object.keys(one.categories), ...Object.keys(other.categories)])];
  const sets: [string | null, Metrics | undefined, Metrics | undefined][] = [
    [null, one.mean, other.mean],
    ...names.map((name): [string, Metrics | undefined, Metrics | undefined] => [
      name,
      lookUp(one.categories, name),
      lookUp(other.categories, name),
    ]),
  ];
  return sets.flatMap(([category, was, is]) =>
    metrics
      .map((metric) => ({
        category,
        metric,
        before: was?.[metric] ?? null,
        after: is?.[metric] ?? null,
      }))
      .filter((entry) => entry.before !== entry.after),
  );
}

/** Null when the two did not score the same images. */
function largestScoreDifference(
  before: readonly ImageResult[],
  after: readonly ImageResult[],
): number | null {
  const scores = new Map(after.map((image) => [image.path, image.imageScore]));
  if (scores.size !== before.length) return null;
  let largest = 0;
  for (const { path, imageScore } of before) {
    const other = scores.get(path);
    if (other === undefined) return null;
    largest = Math.max(largest, Math.abs(imageScore - other));
  }
  return largest;
}

/** Whether a preset of the same name has other settings since. */
function presetHasChanged(before: ModelVersion, after: ModelVersion): boolean {
  return (
    before.manifest.method === after.manifest.method &&
    before.manifest.preset === after.manifest.preset &&
    before.manifest.config['preset'] !== undefined &&
    !isDeepStrictEqual(resolvedSettings(before), resolvedSettings(after))
  );
}

/** Names what is known to have changed, since the numbers of one machine and one code are repeatable. */
export function describeDifference(
  before: ModelVersion,
  after: ModelVersion,
  scores: number | null,
): string {
  const one = before.manifest;
  const other = after.manifest;
  const changed = [
    one.lineage.datasetHash === other.lineage.datasetHash ? null : 'the dataset version',
    one.backbone?.sha256 === other.backbone?.sha256 ? null : 'the backbone',
    presetHasChanged(before, after) ? 'the preset' : null,
    one.lineage.codeVersion === other.lineage.codeVersion ? null : 'the code',
    one.latencyMs?.hardware === other.latencyMs?.hardware ? null : 'the hardware',
  ].filter((what) => what !== null);
  const cause = changed.length === 0 ? 'nothing that is recorded' : changed.join(' and ');
  const preset = presetHasChanged(before, after)
    ? ` The preset "${one.preset}" of ${one.method} has changed since; give the settings of version ${before.version} to repeat it.`
    : '';
  const size =
    scores === null
      ? 'other images were scored'
      : `image scores differ by up to ${scores.toExponential(2)}`;
  return `Version ${after.version} does not repeat version ${before.version} exactly: ${size}. Changed in between: ${cause}.${preset}`;
}

/** @throws DomainError NOT_FOUND */
export async function getReproduction(
  context: Services,
  model: string,
  version: number,
  run: string,
): Promise<Reproduction> {
  const found = (await listReproductions(context, model, version)).find((one) => one.run === run);
  if (found !== undefined) return found;
  throw new DomainError(
    'NOT_FOUND',
    `The run ${run} does not repeat ${model} version ${version}.`,
    {
      field: 'run',
      fix: `Start one: POST /v1/models/${model}/versions/${version}/rerun.`,
    },
  );
}
