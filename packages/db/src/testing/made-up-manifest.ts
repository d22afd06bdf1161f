/** @file The manifest of a bundle that nobody trained. */
import { type BundleManifest, protocolSchema, UNDEFINED_METRICS } from '@plumbline/contracts';

const HASH = 'ab'.repeat(32);

export function madeUpManifest(run: string): BundleManifest {
  const threshold = { imageThreshold: 1, pixelThreshold: 1, heldOutScores: [0.5] };
  return {
    formatVersion: 1,
    model: 'nuts-rlr',
    method: 'rlr',
    preset: 'tiny',
    config: {},
    seed: 0,
    backbone: { name: 'compact', sha256: HASH, featureTaps: ['layer2'] },
    graph: {
      input: { name: 'image', dtype: 'uint8', layout: 'NHWC', channels: 'RGB' },
      anomalyMap: { name: 'anomaly_map', height: 4, width: 4 },
      imageScore: { name: 'image_score' },
      opset: 20,
    },
    thresholds: {
      rule: 'rule',
      falseAlarmTarget: 0.01,
      pooled: threshold,
      categories: { nut: threshold },
    },
    lineage: {
      run,
      dataset: 'nuts',
      datasetVersion: 'v1-abababababab',
      datasetHash: HASH,
      codeVersion: 'test',
      createdAt: new Date(0).toISOString(),
    },
    protocol: protocolSchema.parse({
      name: 'p',
      imageSizePx: 4,
      resize: 'r',
      imageScoreRule: 'i',
      pixelScoreRule: 'p',
      maskRule: 'm',
      evaluationSizePx: 4,
      epochRule: 'e',
      mean: 'm',
    }),
    mean: UNDEFINED_METRICS,
    categories: { nut: UNDEFINED_METRICS },
    parity: { images: 1, imageScoreRelative: 0, anomalyMapRelative: 0, tolerance: 1e-4 },
    trainSeconds: 1,
    latencyMs: { p50: 1, p95: 1, hardware: 'test', images: 1 },
    files: [],
  };
}
