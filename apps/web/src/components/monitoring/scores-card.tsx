/** @file Scores of the last inspections over time, with the threshold. */
'use client';

import type { Inspection } from '@plumbline/contracts';
import { useMemo } from 'react';
import { Card } from '~/components/ui/card.tsx';
import { formatPlural } from '~/format/format-number.ts';
import { formatMoment } from '~/format/format-time.ts';
import { scorePoints } from './score-points.ts';
import { ScoresChart } from './scores-chart.tsx';

interface ScoresCardProps {
  /** Newest first. */
  inspections: readonly Inspection[];
  /** Null for all categories together. */
  category: string | null;
}

export function ScoresCard({ inspections, category }: ScoresCardProps) {
  const inMultiples = category === null;
  const points = useMemo(() => scorePoints(inspections, inMultiples), [inspections, inMultiples]);
  const [newest, oldest] = [inspections[0], inspections.at(-1)];
  const anomalous = inspections.filter((one) => one.predictedLabel === 'anomalous').length;
  return (
    <Card
      title="Scores over time"
      description={
        inMultiples
          ? 'Image scores as multiples of each category’s threshold, which is 1. Choose a category to see its scores as they are.'
          : `Image scores of ${category} as they are, with the threshold of each.`
      }
    >
      {newest === undefined || oldest === undefined ? (
        <p className="text-sm text-ink-soft">No inspections of {category ?? 'this version'} yet.</p>
      ) : (
        <>
          <ScoresChart
            points={points}
            label={inMultiples ? 'Multiple of the threshold' : 'Image score'}
          />
          <p className="mt-3 text-sm text-ink-soft">
            {formatPlural(inspections.length, 'inspection')}, {anomalous} of them anomalous, from{' '}
            {formatMoment(oldest.at)} to {formatMoment(newest.at)}. The table of last inspections
            has the newest in numbers.
          </p>
        </>
      )}
    </Card>
  );
}
