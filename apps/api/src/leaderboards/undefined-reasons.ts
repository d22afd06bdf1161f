/** @file Why metrics of a category are undefined on a board. */
import {
  ALL_METRIC_NAMES,
  type ImageResult,
  lookUp,
  type MetricName,
  type ModelVersion,
  UNDEFINED_WORDS,
  type UndefinedCode,
  type UndefinedReason,
  undefinedCode,
} from '@plumbline/contracts';
import type { ImagesByVersion } from './rank-versions.ts';

/** One entry for each category and reason, with the metrics that no version defines there. */
export function undefinedReasons(
  versions: readonly ModelVersion[],
  images: ImagesByVersion,
): UndefinedReason[] {
  const categories = versions.flatMap(({ manifest }) => Object.keys(manifest.categories));
  return [...new Set(categories)].sort().flatMap((category) => {
    const groups = new Map<string, MetricName[]>();
    for (const metric of ALL_METRIC_NAMES) {
      const code = codeOf({ category, metric }, versions, images);
      if (code === null) continue;
      const reason = UNDEFINED_WORDS[code];
      groups.set(reason, [...(groups.get(reason) ?? []), metric]);
    }
    return [...groups].map(([reason, metrics]) => ({ category, metrics, reason }));
  });
}

/** Null where some version defines the metric, and where none computed it: that is not "undefined". */
function codeOf(
  { category, metric }: { category: string; metric: MetricName },
  versions: readonly ModelVersion[],
  images: ImagesByVersion,
): UndefinedCode | null {
  const codes = versions.map((version) => {
    const value = lookUp(version.manifest.categories, category)?.[metric] ?? null;
    if (value !== null) return null;
    const own = (images.get(version) ?? []).filter((image) => image.category === category);
    return undefinedCode(version.manifest, metric, { category, ...countsOf(own) });
  });
  if (codes.includes(null)) return null;
  return codes.find((code) => code !== 'not-computed') ?? null;
}

function countsOf(images: readonly ImageResult[]): { normal: number; anomalous: number } {
  const anomalous = images.filter((image) => image.label === 'anomalous').length;
  return { normal: images.length - anomalous, anomalous };
}
