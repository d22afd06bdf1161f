/** @file The image score against its threshold. */
import { classNames } from '~/components/ui/class-names.ts';
import { formatScore } from '~/format/format-number.ts';
import { barPlaces } from './bar-places.ts';

interface ScoreBarProps {
  imageScore: number;
  threshold: number;
}

export function ScoreBar({ imageScore, threshold }: ScoreBarProps) {
  const { score, cut } = barPlaces(imageScore, threshold);
  const anomalous = imageScore >= threshold;
  return (
    <div
      role="img"
      aria-label={`Image score ${formatScore(imageScore)}, threshold ${formatScore(threshold)}`}
    >
      <div className="flex flex-wrap justify-between gap-x-6 text-sm">
        <span>
          Image score <strong>{formatScore(imageScore)}</strong>
        </span>
        <span>
          Threshold <strong>{formatScore(threshold)}</strong>
        </span>
      </div>
      <div className="relative mt-2 h-4 rounded-sm bg-sunken">
        <div
          className={classNames('h-full rounded-sm', anomalous ? 'bg-bad' : 'bg-ok')}
          style={{ width: `${score * 100}%` }}
        />
        <div className="absolute -top-1 -bottom-1 w-0.5 bg-ink" style={{ left: `${cut * 100}%` }} />
      </div>
    </div>
  );
}
