/** @file The seven metrics and the threshold of every category, with their mean and over how many categories it is. */

import {
  CORE_METRIC_NAMES,
  definedOver,
  type ImageResult,
  lookUp,
  type ModelVersion,
  type TestImageCounts,
  type ThresholdProfile,
  UNDEFINED_METRICS,
  undefinedReason,
  type VersionManifest,
} from '@plumbline/contracts';
import { MetricHeads } from '~/components/ui/metric-cells.tsx';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatScore } from '~/format/format-number.ts';

interface CategoryMetricsProps {
  version: ModelVersion;
  thresholds: ThresholdProfile | null;
  images: readonly ImageResult[];
}

export function CategoryMetrics({ version, thresholds, images }: CategoryMetricsProps) {
  const { categories, mean } = version.manifest;
  const names = Object.keys(categories).sort();
  return (
    <TableBox label="Metrics by category">
      <thead>
        <tr>
          <Th>Category</Th>
          <MetricHeads />
          <Th className={numeric}>Threshold</Th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <Th scope="row">{name}</Th>
            <MetricCells manifest={version.manifest} counts={countsOf(name, images)} />
            <Td className={numeric}>{thresholdText(thresholds, name)}</Td>
          </tr>
        ))}
        <tr>
          <Th scope="row">Mean</Th>
          {CORE_METRIC_NAMES.map((metric) => {
            const count = definedOver(categories, metric);
            return (
              <Td key={metric} className={numeric}>
                <MetricValue metric={metric} value={mean[metric]} result={version.manifest} />
                <span className="block text-ink-soft text-xs">
                  over {count} of {names.length}
                </span>
              </Td>
            );
          })}
          <Td className={numeric}>
            {thresholds ? `${formatScore(thresholds.pooled.imageThreshold)} (pooled)` : 'none'}
          </Td>
        </tr>
      </tbody>
    </TableBox>
  );
}

interface MetricCellsProps {
  manifest: VersionManifest;
  counts: TestImageCounts & { category: string };
}

/** What is undefined for one reason is said once, over all of its columns. */
function MetricCells({ manifest, counts }: MetricCellsProps) {
  const metrics = lookUp(manifest.categories, counts.category) ?? UNDEFINED_METRICS;
  const cells = CORE_METRIC_NAMES.map((metric) => ({
    metric,
    value: metrics[metric],
    reason: metrics[metric] === null ? undefinedReason(manifest, metric, counts) : null,
  }));
  return cells.map(({ metric, value, reason }, index) => {
    if (reason === null) {
      return (
        <Td key={metric} className={numeric}>
          <MetricValue metric={metric} value={value} />
        </Td>
      );
    }
    if (cells[index - 1]?.reason === reason) return null;
    const end = cells.findIndex((cell, at) => at > index && cell.reason !== reason);
    return (
      <Td
        key={metric}
        colSpan={(end === -1 ? cells.length : end) - index}
        className="text-center text-ink-soft italic"
      >
        undefined: {reason}
      </Td>
    );
  });
}

function countsOf(category: string, images: readonly ImageResult[]) {
  const own = images.filter((image) => image.category === category);
  const anomalous = own.filter((image) => image.label === 'anomalous').length;
  return { category, normal: own.length - anomalous, anomalous };
}

function thresholdText(thresholds: ThresholdProfile | null, name: string): string {
  if (thresholds === null) return 'none';
  const threshold = lookUp(thresholds.categories, name)?.imageThreshold;
  return threshold === undefined ? 'pooled' : formatScore(threshold);
}
