/** @file A bundle manifest around a fixture graph. */
import { createHash } from 'node:crypto';
import {
  type BundleManifest,
  EMBEDDED_BACKBONE_FACTS,
  type Metrics,
  UNDEFINED_METRICS,
} from '@plumbline/contracts';
import { PLUMBLINE_PROTOCOL } from '@plumbline/eval';

export interface ManifestFacts {
  readonly model: string;
  readonly run: string;
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly datasetHash: string;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly imageAuroc: number;
  readonly protocol?: BundleManifest['protocol'];
  readonly decoder?: boolean;
}

const DECODER: BundleManifest['decoder'] = {
  file: 'normal.onnx',
  output: { name: 'normal', height: 16, width: 16 },
  images: 1,
  steps: 1,
  loss: 0.1,
  trainSeconds: 1,
  parityLevels: 0,
};

export function testManifest(facts: ManifestFacts): BundleManifest {
  const mean: Metrics = {
    ...UNDEFINED_METRICS,
    imageAuroc: facts.imageAuroc,
    imageAp: 0.9,
    imageF1Max: 0.9,
    pixelAuroc: 0.8,
    pixelAp: 0.5,
  };
  const heldOutScores = [0.2, 0.3, 0.4, 0.65];
  return {
    formatVersion: 1,
    model: facts.model,
    method: 'rlr',
    preset: 'tiny',
    config: {},
    seed: 0,
    backbone: {
      name: 'compact',
      sha256: EMBEDDED_BACKBONE_FACTS.compact.sha256,
      featureTaps: ['s8'],
    },
    graph: {
      input: { name: 'image', dtype: 'uint8', layout: 'NHWC', channels: 'RGB', minSidePx: 8 },
      anomalyMap: { name: 'anomaly_map', height: 16, width: 16 },
      imageScore: { name: 'image_score' },
      opset: 20,
    },
    thresholds: {
      rule: 'for tests',
      falseAlarmTarget: 0.01,
      pooled: { imageThreshold: 0.5, pixelThreshold: 0.25, heldOutScores },
      categories: { part: { imageThreshold: 0.75, pixelThreshold: 0.3, heldOutScores } },
    },
    lineage: {
      run: facts.run,
      dataset: facts.dataset,
      datasetVersion: facts.datasetVersion,
      datasetHash: facts.datasetHash,
      codeVersion: 'test',
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    protocol: facts.protocol ?? PLUMBLINE_PROTOCOL,
    mean,
    categories: { part: mean },
    parity: { images: 1, imageScoreRelative: 0, anomalyMapRelative: 0, tolerance: 1e-3 },
    ...(facts.decoder ? { decoder: DECODER } : {}),
    trainSeconds: 1,
    latencyMs: { p50: 1, p95: 2, hardware: 'test', images: 1 },
    files: facts.files.map(({ name, bytes }) => ({
      name,
      sha256: hashOf(bytes),
      bytes: bytes.length,
    })),
  };
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
