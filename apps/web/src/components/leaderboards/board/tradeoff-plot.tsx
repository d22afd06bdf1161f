/** @file The Pareto front: the rows that no other beats in accuracy without being slower; as a picture and as a table. */
import { type LeaderboardRow, METRICS } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { formatMetric, formatMilliseconds } from '~/format/format-number.ts';
import { ParetoChart } from './pareto-chart.tsx';
import { type ParetoPoint, paretoPoints } from './pareto-points.ts';

export function TradeoffPlot({ rows }: { rows: readonly LeaderboardRow[] }) {
  const { points, hardware, leftOut } = paretoPoints(rows);
  return (
    <Card
      title="Accuracy against latency"
      description="Higher is more accurate, further left is faster. Filled points, joined by a line, are the Pareto front: no other row beats them in mean image AUROC without being slower. Differences smaller than their intervals mean nothing."
    >
      {points.length === 0 ? (
        <p className="text-ink-soft text-sm">
          No row has both a defined image AUROC and a measured latency.
        </p>
      ) : (
        <>
          <ParetoChart points={points} hardware={hardware} />
          <p className="mt-2 mb-3 text-ink-soft text-sm">
            {hardware.length === 1
              ? `Time per image, including decoding and resizing, on ${hardware[0]}.`
              : `Time per image, including decoding and resizing. Latencies on different hardware can’t be compared, so each has its own front: ${hardware.join('; ')}.`}
          </p>
          <ParetoTable points={points} severalHardware={hardware.length > 1} />
        </>
      )}
      {leftOut.length === 0 ? null : (
        <p className="mt-3 text-ink-soft text-sm">
          Not shown: {leftOut.map(({ name, why }) => `${name} (${why})`).join(', ')}.
        </p>
      )}
    </Card>
  );
}

interface ParetoTableProps {
  points: readonly ParetoPoint[];
  severalHardware: boolean;
}

function ParetoTable({ points, severalHardware }: ParetoTableProps) {
  return (
    <TableBox label="Image AUROC and latency, fastest first" stacked>
      <thead>
        <tr>
          <Th className={numeric}>
            <abbr title="Number in the picture" className="no-underline">
              No.
            </abbr>
          </Th>
          <Th>Model version</Th>
          <Th className={numeric}>{METRICS.imageAuroc.short}, %</Th>
          <Th className={numeric}>Latency p50</Th>
          <Th className={numeric}>Latency p95</Th>
          {severalHardware ? <Th>Hardware</Th> : null}
          <Th>Front</Th>
        </tr>
      </thead>
      <tbody>
        {points.map((point) => (
          <tr key={point.name}>
            <Td label="No." className={numeric}>
              {point.number}
            </Td>
            <Th scope="row">
              <TextLink href={point.href}>{point.name}</TextLink>
            </Th>
            <Td label={`${METRICS.imageAuroc.short}, %`} className={numeric}>
              {formatMetric(point.accuracy)}
            </Td>
            <Td label="Latency p50" className={numeric}>
              {formatMilliseconds(point.p50)}
            </Td>
            <Td label="Latency p95" className={numeric}>
              {point.p95 === null ? '–' : formatMilliseconds(point.p95)}
            </Td>
            {severalHardware ? <Td label="Hardware">{point.hardware}</Td> : null}
            <Td label="Front">
              {point.onFront ? (
                <Badge tone="accent">on the front</Badge>
              ) : (
                <span className="text-ink-soft">
                  {point.beatenBy === null ? 'off the front' : `beaten by ${point.beatenBy}`}
                </span>
              )}
            </Td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
