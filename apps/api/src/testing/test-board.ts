/** @file A small leaderboard with every case that an export must set: ties, a barred row, undefined metrics, odd names. */
import { type Leaderboard, type LeaderboardRow, UNDEFINED_METRICS } from '@plumbline/contracts';
import { PLUMBLINE_PROTOCOL, protocolKey } from '@plumbline/eval';

const METRICS = {
  ...UNDEFINED_METRICS,
  imageAuroc: 0.9,
  imageAp: 0.8,
  imageF1Max: 0.7,
  pixelAuroc: 0.95,
  pixelAp: 0.5,
  pixelF1Max: 0.55,
  aupro30: 0.85,
};
const NO_MASKS = {
  ...UNDEFINED_METRICS,
  imageAuroc: 0.6,
  imageAp: 0.5,
  imageF1Max: 0.5,
};

function row(model: string, more: Partial<LeaderboardRow> = {}): LeaderboardRow {
  return {
    rank: 1,
    barred: null,
    model,
    modelVersion: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    datasetVersion: 'v1-0123456789ab',
    external: false,
    method: 'rlr',
    backbone: 'wide_resnet50',
    preset: 'quick',
    seed: 0,
    configuration: '0a1b2c3d',
    mean: METRICS,
    categories: { '01_screw': METRICS, '=cmd|x, "y"': NO_MASKS },
    definedOver: {
      imageAuroc: 2,
      imageAp: 2,
      imageF1Max: 2,
      pixelAuroc: 1,
      pixelAp: 1,
      pixelF1Max: 1,
      aupro30: 1,
    },
    intervals: {
      confidence: 0.95,
      resamples: 1000,
      seed: 0,
      mean: { imageAuroc: { low: 0.85, high: 0.94 } },
      categories: {},
    },
    checks: [],
    trainSeconds: 90,
    steps: 480,
    latencyMs: { p50: 40, p95: 50, hardware: 'host: 2 × CPU & 100 %', images: 9 },
    sizeBytes: 12_000_000,
    parameters: 1_250_000,
    peakRssMb: 640,
    pareto: true,
    ...more,
  };
}

export function testBoard(): Leaderboard {
  const spread = { mean: 0.9, spread: 0.01, runs: 2 };
  return {
    dataset: 'real_10',
    datasetVersion: 'v1-aaaaaaaaaaaa',
    datasetVersions: ['v1-aaaaaaaaaaaa'],
    protocol: PLUMBLINE_PROTOCOL,
    protocolKey: protocolKey(PLUMBLINE_PROTOCOL),
    rankRule: 'By mean image AUROC; 95 % of {all}.',
    categories: ['01_screw', '=cmd|x, "y"'],
    rows: [
      row('real_10-rlr'),
      row('real_10-padim', {
        mean: { ...METRICS, aupimo: 0.25 },
        definedOver: { aupimo: 1 },
        intervals: null,
        parameters: null,
        peakRssMb: null,
        pareto: false,
      }),
      row('leaky', {
        rank: null,
        barred: 'test/bad/000.png is in training as train/good/005.png.',
        pareto: false,
      }),
    ],
    configurations: [
      {
        configuration: '0a1b2c3d',
        rank: 1,
        method: 'rlr',
        preset: 'quick',
        backbone: 'wide_resnet50',
        overrides: 'maxSteps 20',
        seeds: [0, 1],
        rows: [{ model: 'real_10-rlr', modelVersion: 1 }],
        metrics: { imageAuroc: spread },
      },
    ],
    undefinedReasons: [
      {
        category: '=cmd|x, "y"',
        metrics: ['pixelAuroc', 'aupro30'],
        reason: 'no masks',
      },
    ],
    otherProtocols: [],
  };
}
