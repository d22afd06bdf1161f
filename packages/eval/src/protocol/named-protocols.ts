/**
 * @file The conventions of others as protocols, so that published numbers can be set beside ours: the released code of
 * RLR, the ADer benchmark and Dinomaly, as read in their repositories.
 */
import type { NamedProtocol, Protocol } from '@plumbline/contracts';
import { PLUMBLINE_PROTOCOL, protocolDifferences } from './protocol.ts';

const SQUARE = 'to a square, aspect ratio not kept';
const SCIPY_SIGMA_4 = 'Gaussian, sigma 4 px, radius 16 px, borders mirrored';

/** hlr7999/RLR at 06e597b: `datasets/*.py`, `main.py`. */
export const RLR_PROTOCOL: Protocol = {
  name: 'rlr-256',
  imageSizePx: 256,
  resize: SQUARE,
  interpolation: 'Lanczos, on 8-bit values',
  crop: 'none (center crop of the full 256 px)',
  tiles: 'none',
  smoothing: `${SCIPY_SIGMA_4}; for the image score only`,
  imageScoreRule: PLUMBLINE_PROTOCOL.imageScoreRule,
  pixelScoreRule: PLUMBLINE_PROTOCOL.pixelScoreRule,
  maskRule: PLUMBLINE_PROTOCOL.maskRule,
  ignoreRule: 'none',
  evaluationSizePx: 256,
  metricRule: 'AUROC alone, exact',
  epochRule: 'best epoch on the test split, separately for image and pixel AUROC',
  seedRule: 'one run, seed 3407',
  mean: 'unweighted over the categories',
};

/** zhangzjn/ADer at 902937a: `util/metric.py`, `configs/`, with winggan/adeval at ffba7fa. */
export const ADER_PROTOCOL: Protocol = {
  name: 'ader-256',
  imageSizePx: 256,
  resize: SQUARE,
  interpolation: 'bilinear',
  crop: 'none (center crop of the full 256 px)',
  tiles: 'none',
  smoothing: `${SCIPY_SIGMA_4}, for image and pixel scores; none for UniAD`,
  imageScoreRule: 'maximum of the anomaly map; UniAD: after average pooling of 16 × 16 px',
  pixelScoreRule: 'the smoothed anomaly map',
  maskRule: 'any non-zero pixel is anomalous, bilinear resize, then above one half',
  ignoreRule: 'none',
  evaluationSizePx: 256,
  metricRule:
    'pixel metrics from a histogram, AP by the trapezoid rule; F1-max and IoU-max over 21 thresholds of the min-max normalized map; AUPRO interpolated at its limit',
  epochRule: 'last epoch (100 or 300)',
  seedRule: 'one run, seed 42',
  mean: 'unweighted over the categories',
};

/** guojiajeremy/Dinomaly at c5c76d0; INP-Former evaluates alike. */
export const DINOMALY_PROTOCOL: Protocol = {
  name: 'dinomaly-392',
  imageSizePx: 448,
  resize: SQUARE,
  interpolation: 'bilinear, the default of the library',
  crop: 'center crop to 392 px: 6.25 % of every side is cut, from the mask too',
  tiles: 'none',
  smoothing: 'Gaussian, sigma 4 px, kernel 5 × 5 px, zeros outside; for image and pixel scores',
  imageScoreRule: 'mean of the highest 1 % of the smoothed anomaly map',
  pixelScoreRule: 'the smoothed anomaly map',
  maskRule: 'bilinear resize; any non-zero pixel is anomalous, which thickens defects',
  ignoreRule: 'none',
  evaluationSizePx: 256,
  metricRule:
    'exact AUROC, AP and F1-max; AUPRO over 200 thresholds, divided by the largest false positive rate below its limit',
  epochRule: 'last step',
  seedRule: 'one run, seed 1',
  mean: 'unweighted over the categories',
};

/** Plumbline's own first. */
export const NAMED_PROTOCOLS: readonly NamedProtocol[] = [
  named(PLUMBLINE_PROTOCOL, 'Plumbline’s own, under which its leaderboards rank.'),
  named(
    RLR_PROTOCOL,
    'The released code of RLR (hlr7999/RLR, commit 06e597b). Nearest to Plumbline’s, but for the best epoch on the test split.',
  ),
  named(ADER_PROTOCOL, 'The ADer benchmark (zhangzjn/ADer, commit 902937a).'),
  named(
    DINOMALY_PROTOCOL,
    'Dinomaly (guojiajeremy/Dinomaly, commit c5c76d0) and INP-Former (luow23/INP-Former, commit 17d2653).',
  ),
];

function named(protocol: Protocol, about: string): NamedProtocol {
  return { protocol, about, differences: protocolDifferences(PLUMBLINE_PROTOCOL, protocol) };
}
