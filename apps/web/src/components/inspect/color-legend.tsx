/** @file The color scale of every heatmap, with the values at its ends. */
import { formatScore } from '~/format/format-number.ts';

/** Eleven even stops of the inferno scale that the API draws heatmaps with (packages/data, `colorAt`). */
const STOPS =
  '#000000, #170840, #410d60, #6b156b, #942367, #ba3652, #db5032, #f37415, #fba211, #f5d83c, #faffa8';

interface ColorLegendProps {
  low: number;
  high: number;
  /** What the ends stand for. */
  ends?: { low: string; high: string };
}

export function ColorLegend({
  low,
  high,
  ends = { low: 'normal', high: 'anomalous' },
}: ColorLegendProps) {
  return (
    <div className="text-sm">
      <div
        aria-hidden="true"
        className="h-3 rounded-sm border border-line"
        style={{ backgroundImage: `linear-gradient(to right, ${STOPS})` }}
      />
      <div className="mt-1 flex justify-between text-ink-soft">
        <span>
          {formatScore(low)}, {ends.low}
        </span>
        <span>
          {formatScore(high)}, {ends.high}
        </span>
      </div>
    </div>
  );
}
