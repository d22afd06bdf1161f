/** @file From scored test images to the seven metrics, per category and in the mean. */
import {
  DomainError,
  type Label,
  METRIC_NAMES,
  type Metrics,
  UNDEFINED_METRICS,
} from '@plumbline/contracts';
import { curveAupro, curveAuroc, curveAveragePrecision, curveF1Max } from './curve-metrics.ts';
import { assertMap, assertMask, type MapSize, pixelCurve } from './pixel-curve.ts';
import { rankedCurve } from './ranked-curve.ts';

/** False positive rate up to which AUPRO@0.30 integrates. */
export const AUPRO_LIMIT = 0.3;

export interface ScoredImage {
  readonly path: string;
  readonly category: string;
  readonly label: Label;
  /** On the method's own scale, finite. */
  readonly imageScore: number;
  /** f32 `[H·W]`, finite. Kept as given until its category is evaluated: do not write to it. */
  readonly anomalyMap: Float32Array;
  /** u8 `[H·W]`, non-zero = anomalous; null = no ground truth. A normal image has an all-zero mask implied. */
  readonly mask: Uint8Array | null;
}

/** What is left of an image after its evaluation. */
export type EvaluatedImage = Pick<ScoredImage, 'path' | 'category' | 'label' | 'imageScore'>;

export interface Evaluation {
  /** Unweighted mean over the categories where the metric is defined. */
  readonly mean: Metrics;
  /** By category, in order of name. */
  readonly categories: Record<string, Metrics>;
  /** Number of categories where each metric is defined. */
  readonly definedOver: Record<keyof Metrics, number>;
  /** In the order they were added. */
  readonly images: readonly EvaluatedImage[];
}

/** Collects scored test images and evaluates them. Memory is bounded by calling `evaluateCategory` after each category. */
export class Evaluator {
  readonly #size: MapSize;
  readonly #images = new Map<string, EvaluatedImage>();
  readonly #pending = new Map<string, ScoredImage[]>();
  readonly #evaluated = new Map<string, Metrics>();

  constructor(size: MapSize) {
    this.#size = { height: size.height, width: size.width };
  }

  /** Checks and keeps one image. Throws INVALID_INPUT naming it, or CONFLICT if its category is evaluated already. */
  add(image: ScoredImage): void {
    this.#assertValid(image);
    const { path, category, label, imageScore } = image;
    this.#images.set(path, { path, category, label, imageScore });
    const pending = this.#pending.get(category);
    if (pending) pending.push({ ...image });
    else this.#pending.set(category, [{ ...image }]);
  }

  /** Metrics of one category; drops its maps and masks. Asking again gives the same numbers. */
  evaluateCategory(name: string): Metrics {
    const known = this.#evaluated.get(name);
    if (known) return known;
    const images = this.#pending.get(name);
    if (!images) {
      throw new DomainError('NOT_FOUND', `Category ${name} has no scored images.`, {
        field: 'category',
        fix: 'Add the scored test images of the category first.',
      });
    }
    const metrics = {
      ...UNDEFINED_METRICS,
      ...imageMetrics(images),
      ...pixelMetrics(images, this.#size),
    };
    this.#pending.delete(name);
    this.#evaluated.set(name, metrics);
    return metrics;
  }

  /** Evaluates what is left and takes the mean. */
  evaluate(): Evaluation {
    // Sorted, so that the order of images cannot change a rounding.
    const names = [...this.#pending.keys(), ...this.#evaluated.keys()].sort();
    const all = names.map((name): [string, Metrics] => [name, this.evaluateCategory(name)]);
    const mean: Metrics = { ...UNDEFINED_METRICS };
    const definedOver = {} as Record<keyof Metrics, number>;
    for (const metric of METRIC_NAMES) {
      const values = all.map(([, metrics]) => metrics[metric]).filter((value) => value !== null);
      definedOver[metric] = values.length;
      if (values.length === 0) continue;
      const sum = values.reduce((total, value) => total + value, 0);
      mean[metric] = Math.min(1, sum / values.length);
    }
    return {
      mean,
      categories: Object.fromEntries(all),
      definedOver,
      images: [...this.#images.values()],
    };
  }

  #assertValid(image: ScoredImage): void {
    const { path, category, label, imageScore, anomalyMap, mask } = image;
    const fail = (message: string, field: string, fix: string): never => {
      throw new DomainError('INVALID_INPUT', message, { file: path, field, fix });
    };
    if (this.#images.has(path)) {
      fail(`Sample ${path} was added twice.`, 'path', 'Score each sample of a version once.');
    }
    if (this.#evaluated.has(category)) {
      throw new DomainError(
        'CONFLICT',
        `Sample ${path} came after its category ${category} was evaluated.`,
        { file: path, fix: 'Add all images of a category before evaluating it.' },
      );
    }
    if (!Number.isFinite(imageScore)) {
      const fix = 'Check the model for overflow; a lower learning rate often helps.';
      fail(`The image score of ${path} is ${imageScore}, not a finite number.`, 'imageScore', fix);
    }
    assertMap(anomalyMap, this.#size, path);
    if (mask === null) return;
    assertMask(mask, this.#size, path);
    if (label === 'normal' && mask.some((pixel) => pixel !== 0)) {
      const fix = 'Correct the label or remove the mask, then import the dataset again.';
      fail(`Sample ${path} is normal, but its mask marks anomalous pixels.`, 'mask', fix);
    }
  }
}

function imageMetrics(
  images: readonly ScoredImage[],
): Pick<Metrics, 'imageAuroc' | 'imageAp' | 'imageF1Max'> {
  const scores = Float64Array.from(images, (image) => image.imageScore);
  const labels = Uint8Array.from(images, (image) => (image.label === 'anomalous' ? 1 : 0));
  const curve = rankedCurve(scores, labels);
  return {
    imageAuroc: curveAuroc(curve),
    imageAp: curveAveragePrecision(curve),
    imageF1Max: curveF1Max(curve)?.value ?? null,
  };
}

function pixelMetrics(
  images: readonly ScoredImage[],
  size: MapSize,
): Pick<Metrics, 'pixelAuroc' | 'pixelAp' | 'pixelF1Max' | 'aupro30'> {
  // Nobody knows which pixels of an anomalous image without a mask are normal, so it is left out.
  const known = images.filter((image) => image.label === 'normal' || image.mask !== null);
  if (!known.some((image) => image.label === 'anomalous')) {
    return { pixelAuroc: null, pixelAp: null, pixelF1Max: null, aupro30: null };
  }
  const curve = pixelCurve(
    known.map((image) => image.anomalyMap),
    known.map((image) => (image.label === 'normal' ? null : image.mask)),
    size,
  );
  return {
    pixelAuroc: curveAuroc(curve),
    pixelAp: curveAveragePrecision(curve),
    pixelF1Max: curveF1Max(curve)?.value ?? null,
    aupro30: curveAupro(curve, AUPRO_LIMIT),
  };
}
