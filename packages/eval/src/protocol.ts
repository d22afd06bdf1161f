/** @file Plumbline's evaluation protocol as data; `docs/evaluation-protocol.md` is the same in prose. */
import { DomainError, type Protocol } from '@plumbline/contracts';

/**
 * The protocol at an image size.
 *
 * @param imageSizePx side of the square that images, maps and masks are resized to, pixels
 */
export function protocolFor(imageSizePx: number): Protocol {
  if (!Number.isInteger(imageSizePx) || imageSizePx <= 0) {
    throw new DomainError('INVALID_INPUT', `The image size is ${imageSizePx}.`, {
      field: 'imageSizePx',
      fix: 'Use a whole number of pixels above 0, such as 256.',
    });
  }
  return {
    name: `plumbline-${imageSizePx}`,
    imageSizePx,
    resize:
      'cubic (a = -0.5, antialiased, half-pixel centers, on uint8) to a square, aspect ratio not kept',
    imageScoreRule: 'maximum of the anomaly map after Gaussian smoothing (sigma 4 px)',
    pixelScoreRule: 'anomaly map as it is, not smoothed',
    maskRule: 'nearest-neighbor resize; any non-zero pixel is anomalous',
    evaluationSizePx: imageSizePx,
    epochRule: 'last step; no selection on the test split',
    mean: 'unweighted over the categories where the metric is defined',
  };
}

/** The protocol of the leaderboards: 256 px. */
export const PLUMBLINE_PROTOCOL: Protocol = protocolFor(256);

/** Whether results under two protocols may be compared: every field is equal. */
export function isSameProtocol(a: Protocol, b: Protocol): boolean {
  const keys = Object.keys(PLUMBLINE_PROTOCOL) as (keyof Protocol)[];
  return keys.every((key) => a[key] === b[key]);
}
