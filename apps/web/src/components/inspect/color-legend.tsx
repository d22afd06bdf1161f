/** @file The colors of a heatmap with their values, and where the contour is drawn. */
import type { PaintScale } from '@plumbline/contracts';
import { formatScore } from '~/format/format-number.ts';
import { legendGradient, legendStart, thresholdPlace } from './legend-gradient.ts';

interface ColorLegendProps {
  scale: PaintScale;
  /** `raw`: anomaly-map units. `multiples`: of the pixel threshold, for heatmaps of several categories. */
  unit?: 'raw' | 'multiples';
}

export function ColorLegend({ scale, unit = 'raw' }: ColorLegendProps) {
  const { low, high, threshold } = scale;
  const text = (value: number) =>
    unit === 'raw' || threshold === undefined ? formatScore(value) : `${value / threshold} ×`;
  const cut = thresholdPlace(scale);
  return (
    <div className="text-sm">
      <div
        aria-hidden="true"
        className="relative h-3.5 rounded-sm border border-line"
        style={{ backgroundImage: `linear-gradient(to right, ${legendGradient(scale)})` }}
      >
        {cut === null ? null : (
          <div
            className="absolute -inset-y-1 w-1 -translate-x-1/2 border-x border-black bg-white"
            style={{ left: `${cut * 100}%` }}
          />
        )}
      </div>
      {threshold === undefined ? (
        <p className="mt-1 flex justify-between gap-2 text-ink-soft">
          <span>{text(low)}, lowest</span>
          <span>{text(high)}, highest</span>
        </p>
      ) : (
        <>
          <p className="mt-1 grid grid-cols-[1fr_auto_1fr] gap-2 text-ink-soft">
            <span>{text(legendStart(scale))}</span>
            <span className="text-ink">
              {unit === 'raw' ? `${text(threshold)}, threshold` : 'threshold'}
            </span>
            <span className="text-right">{text(high)} or more</span>
          </p>
          <p className="mt-1 text-ink-soft text-xs">
            Inside the white line: at or above the pixel threshold
            {unit === 'raw' ? '' : ' of its category'}. Gray: as in normal images.
          </p>
        </>
      )}
    </div>
  );
}
