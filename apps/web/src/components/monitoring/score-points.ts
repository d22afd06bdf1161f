/** @file Scores of inspections as points of a chart. */
import { type Inspection, scoreRatio } from '@plumbline/contracts';

export interface ScorePoints {
  /** Seconds since 1970, ascending. */
  readonly times: number[];
  /** Null where the other label is, or where there is no multiple of the threshold. */
  readonly normal: (number | null)[];
  readonly anomalous: (number | null)[];
  readonly thresholds: number[];
}

/**
 * Of one category scores and thresholds as they are; of several, whose scores can't be compared, multiples of their thresholds.
 * @param inspections newest first
 */
export function scorePoints(inspections: readonly Inspection[], inMultiples: boolean): ScorePoints {
  const shown = inspections.toReversed();
  const value = ({ imageScore, threshold }: Inspection) =>
    inMultiples ? scoreRatio(imageScore, threshold) : imageScore;
  const of = (label: Inspection['predictedLabel']) =>
    shown.map((one) => (one.predictedLabel === label ? value(one) : null));
  return {
    times: shown.map(({ at }) => Date.parse(at) / 1_000),
    ...{ normal: of('normal'), anomalous: of('anomalous') },
    thresholds: shown.map(({ threshold }) => (inMultiples ? 1 : threshold)),
  };
}
