/** @file `evaluation.json`: curves, histograms and counts of an evaluation. Holds no time stamps: equal runs give equal files. */
import type { Curves, EvaluatedSet, EvaluationFile, ImageResult } from '@plumbline/contracts';
import { type EvaluationCurves, scoreHistogram } from '@plumbline/eval';
import type { ModelEvaluation } from './evaluate-model.ts';

type Evaluated = Pick<ModelEvaluation, 'evaluation' | 'images' | 'masked'>;

/** Name of the defect type of anomalous images that have none. */
const UNNAMED = 'anomalous';

export function evaluationFile({ evaluation, images, masked }: Evaluated): EvaluationFile {
  const { categories, pooled } = evaluation.curves;
  return {
    formatVersion: 1,
    categories: Object.fromEntries(
      Object.entries(categories).map(([name, curves]) => [
        name,
        describeSet(
          images.filter((image) => image.category === name),
          masked,
          curves,
        ),
      ]),
    ),
    pooled: describeSet(images, masked, pooled),
  };
}

function describeSet(
  images: readonly ImageResult[],
  masked: ReadonlySet<string>,
  curves: EvaluationCurves,
): EvaluatedSet {
  const anomalous = images.filter((image) => image.label === 'anomalous');
  const defectTypes = new Map<string, number>();
  for (const { defectType } of anomalous) {
    const name = defectType ?? UNNAMED;
    defectTypes.set(name, (defectTypes.get(name) ?? 0) + 1);
  }
  const histogram = scoreHistogram(images);
  return {
    normal: images.length - anomalous.length,
    anomalous: anomalous.length,
    masks: anomalous.filter((image) => masked.has(image.path)).length,
    defectTypes: Object.fromEntries(defectTypes),
    curves: toCurves(curves),
    imageScores: histogram && {
      ...histogram,
      normal: [...histogram.normal],
      anomalous: [...histogram.anomalous],
    },
  };
}

/** Six decimals are finer than any screen, and a quarter of the bytes. */
const DIGITS = 1e6;

function toCurves({ imageRoc, imagePr, pixelRoc, pixelPr, pro }: EvaluationCurves): Curves {
  return {
    imageRoc: rounded(imageRoc),
    imagePr: rounded(imagePr),
    pixelRoc: rounded(pixelRoc),
    pixelPr: rounded(pixelPr),
    pro: rounded(pro),
  };
}

function rounded(points: EvaluationCurves['pro']): Curves['pro'] {
  if (points === null) return null;
  const round = (value: number) => Math.min(1, Math.round(value * DIGITS) / DIGITS);
  return { x: points.x.map(round), y: points.y.map(round) };
}
