/** @file A model version as a row of a leaderboard. */
import {
  ALL_METRIC_NAMES,
  backboneLabel,
  definedOver,
  isComputed,
  type ModelVersion,
  trainedSteps,
  versionNumberOf,
} from '@plumbline/contracts';
import type { UnrankedRow } from '@plumbline/eval';
import { configurationKey } from './configuration-of.ts';

/** Nothing ran here. */
const UNMEASURED = { p50: null, p95: null, hardware: null, images: 0 };

/**
 * @param refusal why its results can't be compared, beyond its own checks
 * @param boardVersion the dataset version of the board; the row's own when absent
 */
export function toRow(
  version: ModelVersion,
  refusal: string | null,
  boardVersion = version.manifest.lineage.datasetVersion,
): UnrankedRow {
  const { model, manifest, sizeBytes, createdAt } = version;
  const { datasetVersion } = manifest.lineage;
  const checks = manifest.evaluation?.checks ?? [];
  const reasons = [
    ...checks.filter((check) => check.status === 'barred').map((check) => check.message),
    ...(refusal === null ? [] : [refusal]),
  ];
  return {
    model,
    modelVersion: version.version,
    barred: reasons.length === 0 ? null : reasons.join(' '),
    createdAt,
    external: manifest.kind === 'external',
    method: manifest.method,
    backbone: manifest.backbone === null ? null : backboneLabel(manifest.backbone),
    preset: manifest.preset,
    seed: manifest.seed,
    datasetVersion,
    // What was trained on other images is no seed of the same.
    configuration:
      datasetVersion === boardVersion
        ? configurationKey(version)
        : `${configurationKey(version)}-v${versionNumberOf(datasetVersion) ?? datasetVersion}`,
    mean: manifest.mean,
    categories: manifest.categories,
    definedOver: Object.fromEntries(
      ALL_METRIC_NAMES.filter((metric) => isComputed(manifest, metric)).map((metric) => [
        metric,
        definedOver(manifest.categories, metric),
      ]),
    ),
    intervals: manifest.evaluation?.intervals ?? null,
    checks,
    trainSeconds: manifest.trainSeconds,
    steps: manifest.kind === 'external' ? null : trainedSteps(manifest.config),
    latencyMs: manifest.latencyMs ?? UNMEASURED,
    sizeBytes,
    parameters: manifest.cost?.parameters ?? null,
    peakRssMb: manifest.cost?.peakRssMb ?? null,
  };
}
