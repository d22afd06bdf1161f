/** @file Numbers as people read them. The locale is fixed, so that server and browser write the same. */
import { formatRatio, scoreRatio } from '@plumbline/contracts';

const integer = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function formatCount(value: number): string {
  return integer.format(value);
}

/** `3 images`, `1 image`. */
export function formatPlural(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}

/** A metric in [0, 1] as percent with one decimal; null is undefined, never zero. */
export function formatMetric(value: number | null): string {
  return value === null ? 'undefined' : (value * 100).toFixed(1);
}

/** A share in [0, 1] as percent. */
export function formatShare(value: number): string {
  const percent = value * 100;
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** Bytes with decimal prefixes: `986 MB`, `4.2 kB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** Image scores and thresholds have the method's own scale: four significant digits, whatever the size. */
export function formatScore(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 0.001 || size >= 100_000
    ? value.toExponential(3)
    : String(Number(value.toPrecision(4)));
}

/** `1.42 × the threshold`; a threshold of 0 has no multiples. */
export function formatMultiple(imageScore: number, threshold: number): string {
  const ratio = scoreRatio(imageScore, threshold);
  return ratio === null ? 'ratio undefined' : `${formatRatio(ratio)} × the threshold`;
}

/** Milliseconds; null was not measured. */
export function formatMilliseconds(value: number | null): string {
  if (value === null) return 'undefined';
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
