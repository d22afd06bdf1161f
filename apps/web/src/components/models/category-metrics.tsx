/** @file The seven metrics and the threshold of every category, with their mean. */
import { METRIC_NAMES, type Metrics, type ModelVersion } from '@plumbline/contracts';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatScore } from '~/format/format-number.ts';
import { METRIC_LABELS } from '~/format/metric-labels.ts';

export function CategoryMetrics({ version }: { version: ModelVersion }) {
  const { categories, mean, thresholds } = version.manifest;
  const names = Object.keys(categories).sort();
  return (
    <TableBox label="Metrics by category">
      <thead>
        <tr>
          <Th>Category</Th>
          {METRIC_NAMES.map((metric) => (
            <Th key={metric} className={numeric} title={METRIC_LABELS[metric].long}>
              {METRIC_LABELS[metric].short}
            </Th>
          ))}
          <Th className={numeric}>Threshold</Th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const threshold = thresholds?.categories[name]?.imageThreshold;
          return (
            <MetricRow
              key={name}
              name={name}
              metrics={categories[name]!}
              threshold={
                threshold === undefined ? (thresholds ? 'pooled' : 'none') : formatScore(threshold)
              }
            />
          );
        })}
        <MetricRow
          name="Mean"
          metrics={mean}
          threshold={
            thresholds ? `${formatScore(thresholds.pooled.imageThreshold)} (pooled)` : 'none'
          }
        />
      </tbody>
    </TableBox>
  );
}

function MetricRow({
  name,
  metrics,
  threshold,
}: {
  name: string;
  metrics: Metrics;
  threshold: string;
}) {
  return (
    <tr>
      <Th scope="row">{name}</Th>
      {METRIC_NAMES.map((metric) => (
        <Td key={metric} className={numeric}>
          <MetricValue metric={metric} value={metrics[metric]} />
        </Td>
      ))}
      <Td className={numeric}>{threshold}</Td>
    </tr>
  );
}
