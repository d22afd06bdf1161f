/** @file The loss curve of a run, live, with the same as a table. */
'use client';

import type { LossCurve } from '@plumbline/contracts';
import { useMemo, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatCount, formatScore } from '~/format/format-number.ts';
import { LossChart } from './loss-chart.tsx';
import { type LossSeries, lossSeries, lossTable } from './loss-series.ts';
import { useLossCurve } from './use-loss-curve.ts';

interface LossCardProps {
  runId: string;
  initial: LossCurve;
  active: boolean;
}

export function LossCard({ runId, initial, active }: LossCardProps) {
  const [logScale, setLogScale] = useState(false);
  const { points } = useLossCurve(runId, initial, active);
  const series = useMemo(() => lossSeries(points), [points]);
  // Some methods have nothing to fit by steps.
  if (series.steps.length === 0 && !active) return null;
  return (
    <Card
      title="Loss"
      description="One line per feature level."
      actions={
        series.steps.length === 0 ? null : (
          <Button
            variant="secondary"
            aria-pressed={logScale}
            onClick={() => setLogScale(!logScale)}
          >
            Log scale{logScale ? ': on' : ': off'}
          </Button>
        )
      }
    >
      {series.steps.length === 0 ? (
        <p className="text-sm text-ink-soft">The curve begins with the fit stage.</p>
      ) : (
        <>
          <LossChart series={series} logScale={logScale} />
          <LossTable series={series} />
        </>
      )}
    </Card>
  );
}

function LossTable({ series }: { series: LossSeries }) {
  return (
    <details className="mt-4 text-sm">
      <summary className="text-accent">The curve as a table</summary>
      <div className="mt-3">
        <TableBox label="Loss by step">
          <thead>
            <tr>
              <Th className={numeric}>Step</Th>
              {series.levels.map((level) => (
                <Th key={level} className={numeric}>
                  {level}
                </Th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lossTable(series, 12).map((row) => (
              <tr key={row.step}>
                <Td className={numeric}>{formatCount(row.step)}</Td>
                {row.losses.map((loss, index) => (
                  <Td key={series.levels[index]} className={numeric}>
                    {loss === null ? '–' : formatScore(loss)}
                  </Td>
                ))}
              </tr>
            ))}
          </tbody>
        </TableBox>
      </div>
    </details>
  );
}
