/** @file The means with their intervals and over how many categories they are; and all categories ranked together. */
import {
  ALL_METRIC_NAMES,
  definedOver,
  intervalWords,
  isComputed,
  keptRegionsNote,
  METRICS,
  type MetricName,
  meanPixelError,
  pixelErrorNotes,
  pixelErrorWords,
  type VersionManifest,
} from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatMetric } from '~/format/format-number.ts';

export function MeanMetrics({ manifest }: { manifest: VersionManifest }) {
  const intervals = manifest.evaluation?.intervals;
  return (
    <Card
      title="Means over the categories"
      description={
        intervals
          ? `In percent. ${intervalWords(intervals)}`
          : 'In percent. This version was evaluated without intervals.'
      }
    >
      <TableBox label="Means with intervals" stacked>
        <thead>
          <tr>
            <Th>Metric</Th>
            <Th className={numeric}>Mean</Th>
            <Th className={numeric}>Interval</Th>
            <Th className={numeric}>Categories</Th>
          </tr>
        </thead>
        <tbody>
          {ALL_METRIC_NAMES.map((metric) => (
            <MeanRow key={metric} manifest={manifest} metric={metric} />
          ))}
        </tbody>
      </TableBox>
      {notesOf(manifest).map((note) => (
        <p key={note} className="mt-3 max-w-prose text-ink-soft text-sm">
          {note}
        </p>
      ))}
    </Card>
  );
}

function MeanRow({ manifest, metric }: { manifest: VersionManifest; metric: MetricName }) {
  const { mean, categories, evaluation } = manifest;
  const total = Object.keys(categories).length;
  const interval = evaluation?.intervals.mean[metric];
  const error = meanPixelError(manifest, metric);
  return (
    <tr>
      <Th scope="row">
        {METRICS[metric].short}
        <span className="block min-w-40 max-w-96 whitespace-normal font-normal text-ink-soft text-xs">
          {METRICS[metric].long}
        </span>
      </Th>
      <Td label="Mean" className={numeric}>
        <MetricValue metric={metric} value={mean[metric]} result={manifest} />
        {error === null ? null : (
          <span className="block text-ink-soft text-xs">{pixelErrorWords(error)}</span>
        )}
      </Td>
      <Td label="Interval" className={numeric}>
        {interval ? `${formatMetric(interval.low)} to ${formatMetric(interval.high)}` : '–'}
      </Td>
      <Td label="Categories" className={numeric}>
        {isComputed(manifest, metric) ? `${definedOver(categories, metric)} of ${total}` : '–'}
      </Td>
    </tr>
  );
}

function notesOf(manifest: VersionManifest): string[] {
  const kept = manifest.evaluation ? keptRegionsNote(manifest.evaluation) : null;
  return [...(kept === null ? [] : [kept]), ...pixelErrorNotes(manifest)];
}

export function PooledMetrics({ manifest }: { manifest: VersionManifest }) {
  const pooled = manifest.evaluation?.pooled;
  if (pooled === undefined) return null;
  return (
    <Card
      title="All categories together"
      description="All test images ranked on one scale. The calibration gap is the cost of one threshold for all categories: the mean of the categories' own best F1, minus their mean F1 at the one threshold that is best for all."
    >
      <Facts>
        <Fact term="Pooled image AUROC">{formatMetric(pooled.imageAuroc)}</Fact>
        <Fact term="Pooled image AP">{formatMetric(pooled.imageAp)}</Fact>
        <Fact term="Pooled image F1-max">{formatMetric(pooled.imageF1Max)}</Fact>
        <Fact term="Mean F1 at the pooled threshold">
          {formatMetric(pooled.meanF1AtPooledThreshold)}
        </Fact>
        <Fact term="Calibration gap">{formatMetric(pooled.calibrationGap)}</Fact>
      </Facts>
    </Card>
  );
}
