/** @file Three histograms on one axis: held-out normal scores, and test scores for information only. */
import { formatCount, formatScore } from '~/format/format-number.ts';
import { binCounts, type CategoryScores, type ScoreScale } from './score-scale.ts';

const BINS = 60;
const TRACK = 44;

export function ScoreTracks({ scores, scale }: { scores: CategoryScores; scale: ScoreScale }) {
  return (
    <div className="space-y-1">
      <Track
        label="Held-out normal"
        values={scores.heldOut}
        scale={scale}
        className="fill-accent"
      />
      <div className="rounded-sm bg-sunken">
        <Track
          label="Test normal, for information only"
          values={scores.testNormal}
          scale={scale}
          className="fill-ok"
        />
        <Track
          label="Test anomalous, for information only"
          values={scores.testAnomalous}
          scale={scale}
          className="fill-bad"
        />
      </div>
    </div>
  );
}

interface TrackProps {
  label: string;
  values: readonly number[];
  scale: ScoreScale;
  className: string;
}

function Track({ label, values, scale, className }: TrackProps) {
  const counts = binCounts(values, scale, BINS);
  const most = Math.max(1, ...counts);
  const range =
    values.length === 0
      ? 'none'
      : `${formatScore(Math.min(...values))} to ${formatScore(Math.max(...values))}`;
  return (
    <figure className="relative">
      <figcaption className="absolute top-0 left-1.5 text-xs text-ink-soft">
        {label}: {formatCount(values.length)}
      </figcaption>
      <svg
        viewBox={`0 0 ${BINS} ${TRACK}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${formatCount(values.length)} images, scores ${range}`}
        className={`block h-16 w-full border-line-strong border-b ${className}`}
      >
        {counts.map((count, bin) => {
          const height = (count / most) * (TRACK - 16);
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
              key={bin}
              x={bin + 0.08}
              y={TRACK - height}
              width={0.84}
              height={height}
            />
          );
        })}
      </svg>
    </figure>
  );
}
