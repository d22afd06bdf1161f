/** @file A run as the command line reports it: its state, what came of it, and every warning of its log. */
import { CORE_METRIC_NAMES, METRICS, type Run, type RunResult } from '@plumbline/contracts';
import type { ApiClient } from './api-client.ts';
import { percent, table } from './output.ts';

export interface RunReport extends Run {
  readonly warnings: readonly string[];
  /** Null until the run has succeeded. */
  readonly result: RunResult | null;
}

export async function reportRun(api: ApiClient, run: Run): Promise<RunReport> {
  if (run.status === 'succeeded') {
    const result = await api.runs.result.query({ id: run.id });
    return { ...run, warnings: result.warnings, result };
  }
  const lines = await api.runs.logs.query({ id: run.id });
  const warnings = lines.filter(({ severity }) => severity === 'warning').map(({ text }) => text);
  return { ...run, warnings, result: null };
}

export function describeReport(report: RunReport): string {
  const { warnings, result } = report;
  return [
    describeRun(report),
    ...(result === null ? [] : ['', describeResult(result)]),
    ...(warnings.length === 0
      ? []
      : ['', 'Warnings', ...warnings.map((warning) => `- ${warning}`)]),
    ...(result === null ? [] : ['', ...nextSteps(result)]),
  ].join('\n');
}

function describeRun(run: Run): string {
  const version = run.modelVersion === null ? '' : ` version ${run.modelVersion}`;
  return [
    `Run ${run.id}: ${run.status}, ${Math.round(run.progress * 100)} %`,
    `${run.method} ${run.preset} on ${run.dataset} ${run.datasetVersion}, backbone ${shortBackbone(run.backbone)}, seed ${run.seed}`,
    `Model ${run.model}${version}`,
    run.error === null
      ? run.message
      : `${run.error.message}${run.error.fix === null ? '' : ` ${run.error.fix}`}`,
  ].join('\n');
}

export function shortBackbone(backbone: string): string {
  return backbone.split(/[\\/]/).at(-1) ?? backbone;
}

function describeResult(result: RunResult): string {
  const { model, modelVersion, mean, best, thresholdNotes } = result;
  const own = `${model} v${modelVersion}`;
  const rows = CORE_METRIC_NAMES.map((metric) => {
    const head = METRICS[metric].short;
    if (best === null) return [head, percent(mean[metric])];
    const there = best.mean[metric];
    return [head, percent(mean[metric]), percent(there), difference(mean[metric], there)];
  });
  const others =
    best === null ? [] : [`best other, ${best.model} v${best.modelVersion}`, 'difference'];
  return [
    `Mean over the categories in percent, ${placeOf(result)}`,
    table(['metric', own, ...others], rows),
    ...thresholdNotes,
  ].join('\n');
}

/** Where it stands on its board. */
function placeOf({ dataset, datasetVersion, protocol, rows, place }: RunResult): string {
  const board = `${dataset} ${datasetVersion} under ${protocol}`;
  if (place === null) return `not ranked on the leaderboard of ${board}`;
  if (rows === 1) return `the first on the leaderboard of ${board}`;
  return `place ${place} of ${rows} by image AUROC on the leaderboard of ${board}`;
}

/** In percent points; undefined where either is. */
function difference(here: number | null, there: number | null): string {
  if (here === null || there === null) return 'undefined';
  const points = ((here - there) * 100).toFixed(1);
  return here >= there ? `+${points}` : points;
}

const TEST_IMAGES =
  'Not ranked: without normal and anomalous test images in one category nothing is measured. The model works, and its thresholds come from normal training images. To measure it, import some of both into test/good and test/<defect type>.';

function notRanked({ barred, place }: RunResult): string[] {
  if (barred !== null) return [`Not ranked: ${barred}`];
  return place === null ? [TEST_IMAGES] : [];
}

function nextSteps(result: RunResult): string[] {
  const { model, modelVersion, dataset, protocol, promoted, promotedVersion } = result;
  const serves = promoted
    ? `${model} version ${modelVersion} answers predictions.`
    : promotedVersion === null
      ? `No version of ${model} answers predictions yet.`
      : `${model} version ${promotedVersion} still answers predictions.`;
  const choice = promoted ? '' : ` --version ${modelVersion}`;
  return [
    ...notRanked(result),
    serves,
    `  Try an image:  plumb predict <image> --model ${model}${choice} --heatmap heatmap.png`,
    ...(promoted ? [] : [`  Promote it: plumb models promote ${model} ${modelVersion}`]),
    `  Compare:       plumb leaderboard --dataset ${dataset} --protocol ${protocol}`,
  ];
}
