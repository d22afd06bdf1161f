/** @file Image scores of the test split: normal upwards, anomalous downwards, on one axis with the thresholds. */
'use client';

import {
  formatRatio,
  type ScoreHistogram as Histogram,
  scoreRatio,
  type Threshold,
} from '@plumbline/contracts';
import { useState } from 'react';
import { PlainButton } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { formatCount, formatScore } from '~/format/format-number.ts';
import { Bars, HistogramTable, type ScoreAxis, sumOf } from './histogram-bars.tsx';

const RAW: ScoreAxis = { label: 'image score', unit: '', text: formatScore };
const MULTIPLES: ScoreAxis = {
  label: 'image score, multiples of the threshold',
  unit: ' × the threshold',
  text: formatRatio,
};

interface ScoreHistogramProps {
  /** On the method's own scale. */
  histogram: Histogram | null;
  /** In multiples of each category's threshold; null where there is none. */
  ratios: Histogram | null;
  /** Of the profile that serves; null for imported results, which have none. */
  threshold: Threshold | null;
  /** The category that is shown; null for all together. */
  category: string | null;
}

export function ScoreHistogram({ histogram, ratios, threshold, category }: ScoreHistogramProps) {
  const [chosen, setChosen] = useState<'multiples' | 'raw'>('multiples');
  if (histogram === null) {
    return (
      <Card title="Image scores">
        <p className="text-ink-soft text-sm">There are no test images.</p>
      </Card>
    );
  }
  const inMultiples = ratios !== null && chosen === 'multiples';
  const shown = inMultiples ? ratios : histogram;
  const axis = inMultiples ? MULTIPLES : RAW;
  const cuts = cutsOf(threshold, inMultiples, category);
  const low = Math.min(shown.low, ...cuts);
  const high = Math.max(shown.high, ...cuts);
  return (
    <Card
      title="Image scores of the test split"
      description="For information only: thresholds are never chosen by the test split."
    >
      {ratios === null ? null : <AxisChoice chosen={chosen} onChoose={setChosen} />}
      <p className="mb-1 text-sm">
        <Swatch className="bg-ok" />
        {formatCount(sumOf(shown.normal))} normal, upwards
      </p>
      <Bars {...{ axis, cuts, low, high }} histogram={shown} />
      <p className="flex justify-between gap-2 text-ink-soft text-xs">
        <span>{axis.text(low)}</span>
        <span className="text-center">{axis.label}</span>
        <span>{axis.text(high)}</span>
      </p>
      <p className="mt-1 text-sm">
        <Swatch className="bg-bad" />
        {formatCount(sumOf(shown.anomalous))} anomalous, downwards
      </p>
      <p className="mt-2 text-ink-soft text-sm">{linesText(cuts, axis, threshold, category)}</p>
      <HistogramTable histogram={shown} axis={axis} />
    </Card>
  );
}

/** First the threshold, then the lower end of the uncertain band, where there is one. */
function cutsOf(
  threshold: Threshold | null,
  inMultiples: boolean,
  category: string | null,
): number[] {
  if (threshold === null) return [];
  const { imageThreshold, uncertainThreshold } = threshold;
  if (!inMultiples)
    return uncertainThreshold === undefined
      ? [imageThreshold]
      : [imageThreshold, uncertainThreshold];
  // Each category's band begins at another multiple.
  if (category === null || uncertainThreshold === undefined) return [1];
  return [1, scoreRatio(uncertainThreshold, imageThreshold) ?? 1];
}

function linesText(
  [cut, band]: readonly number[],
  axis: ScoreAxis,
  threshold: Threshold | null,
  category: string | null,
): string {
  if (cut === undefined || threshold === null)
    return 'Imported results have no threshold, so multiples of it are undefined.';
  const whose = category === null ? 'the pooled threshold' : 'its threshold';
  const solid =
    axis === RAW
      ? `Solid line: anomalous from ${axis.text(cut)}, ${whose}.`
      : category === null
        ? 'Solid line: anomalous from 1, the threshold of each image’s own category.'
        : `Solid line: anomalous from 1, a score of ${formatScore(threshold.imageThreshold)}.`;
  return band === undefined ? solid : `${solid} Dashed line: uncertain from ${axis.text(band)}.`;
}

interface AxisChoiceProps {
  chosen: 'multiples' | 'raw';
  onChoose: (axis: 'multiples' | 'raw') => void;
}

function AxisChoice({ chosen, onChoose }: AxisChoiceProps) {
  const choice = (axis: 'multiples' | 'raw', label: string) => (
    <PlainButton
      aria-pressed={chosen === axis}
      onClick={() => onChoose(axis)}
      className={classNames(
        'rounded-full border px-3 py-1',
        chosen === axis
          ? 'border-accent bg-accent-soft font-medium'
          : 'border-line-strong hover:bg-sunken',
      )}
    >
      {label}
    </PlainButton>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: two buttons are no form
    <div role="group" aria-label="Axis" className="mb-3 flex flex-wrap gap-2 text-sm">
      {choice('multiples', 'multiples of the threshold')}
      {choice('raw', 'raw scores')}
    </div>
  );
}

function Swatch({ className }: { className: string }) {
  return <span aria-hidden="true" className={`mr-2 inline-block size-3 rounded-xs ${className}`} />;
}
