/** @file From scored test images to metrics and their intervals, per category and in the mean. */
import {
  ALL_METRIC_NAMES,
  byMetric,
  DomainError,
  EXACT_PIXEL_BUDGET,
  type Metrics,
  UNDEFINED_METRICS,
  type UndefinedCodes,
} from '@plumbline/contracts';
import { curvePoints } from '../curves/curve-points.ts';
import { assertMap, assertMask, type MapSize } from '../curves/pixel-curve.ts';
import { CategoryPixels } from '../metrics/category-pixels.ts';
import { imageMetricsOf } from '../metrics/image-metrics.ts';
import type { PixelMetrics } from '../metrics/pixel-metrics.ts';
import { imageCurve, pooledMetrics } from '../metrics/pooled-metrics.ts';
import { imageStrata } from '../uncertainty/image-strata.ts';
import { imageEstimates, pixelEstimates } from '../uncertainty/metric-estimates.ts';
import { type MetricEstimates, meanIntervals } from '../uncertainty/metric-intervals.ts';
import { DEFAULT_RESAMPLES } from '../uncertainty/summarize.ts';
import type {
  EvaluatedImage,
  Evaluation,
  EvaluationCurves,
  EvaluatorOptions,
  ScoredImage,
} from './evaluation.ts';
import { undefinedCodesOf } from './undefined-codes.ts';

interface Category {
  readonly images: EvaluatedImage[];
  readonly pixels: CategoryPixels;
}

interface EvaluatedCategory {
  readonly metrics: Metrics;
  readonly undefinedCodes: UndefinedCodes;
  readonly method: 'exact' | 'histogram';
  readonly errorBounds: PixelMetrics | null;
  readonly curves: EvaluationCurves;
  readonly estimates: MetricEstimates;
}

/** Collects scored test images and evaluates them. Memory is bounded by calling `evaluateCategory` after each category. */
export class Evaluator {
  readonly #size: MapSize;
  readonly #options: Required<Omit<EvaluatorOptions, 'categories'>>;
  readonly #known: ReadonlySet<string> | null;
  readonly #images = new Map<string, EvaluatedImage>();
  readonly #pending = new Map<string, Category>();
  readonly #evaluated = new Map<string, EvaluatedCategory>();

  constructor(size: MapSize, options: EvaluatorOptions = {}) {
    this.#size = { height: size.height, width: size.width };
    this.#known = options.categories === undefined ? null : new Set(options.categories);
    this.#options = {
      exactPixelBudget: options.exactPixelBudget ?? EXACT_PIXEL_BUDGET,
      resamples: options.resamples ?? DEFAULT_RESAMPLES,
      seed: options.seed ?? 0,
    };
  }

  /** Checks and takes one image. Throws INVALID_INPUT naming it, or CONFLICT if its category is evaluated already. */
  add(image: ScoredImage): void {
    this.#assertValid(image);
    const { path, category, label, imageScore, anomalyMap, mask, ignored = null } = image;
    const kept = { path, category, label, imageScore };
    this.#images.set(path, kept);
    const pending = this.#pending.get(category) ?? this.#open(category);
    pending.images.push(kept);
    // Nobody knows which pixels of an anomalous image without a mask are normal, so they are left out.
    const isNormal = label === 'normal';
    if (isNormal || mask !== null)
      pending.pixels.add({ map: anomalyMap, mask: isNormal ? null : mask, ignored });
  }

  /** Metrics of one category; drops its maps and masks. Asking again gives the same numbers. */
  evaluateCategory(name: string): Metrics {
    return this.#evaluateCategory(name).metrics;
  }

  /** Evaluates what is left and takes the mean. */
  evaluate(): Evaluation {
    // Sorted, so that the order of images cannot change a rounding.
    const names = [...this.#pending.keys(), ...this.#evaluated.keys()].sort();
    const all = names.map((name) => [name, this.#evaluateCategory(name)] as const);
    const metrics = all.map(([, category]) => category.metrics);
    const mean: Metrics = { ...UNDEFINED_METRICS };
    const definedOver = byMetric(ALL_METRIC_NAMES, () => 0);
    for (const metric of ALL_METRIC_NAMES) {
      const values = metrics.map((each) => each[metric]).filter((value) => value !== null);
      definedOver[metric] = values.length;
      if (values.length === 0) continue;
      const sum = values.reduce((total, value) => total + value, 0);
      mean[metric] = Math.min(1, sum / values.length);
    }
    const images = [...this.#images.values()];
    const { resamples, seed } = this.#options;
    const estimates = new Map(all.map(([name, category]) => [name, category.estimates]));
    return {
      mean,
      categories: Object.fromEntries(all.map(([name, category]) => [name, category.metrics])),
      definedOver,
      undefinedCodes: {
        categories: Object.fromEntries(all.map(([name, one]) => [name, one.undefinedCodes])),
        pooled: pooledCodes(images),
      },
      images,
      pixelMethod: all.some(([, { method }]) => method === 'histogram') ? 'histogram' : 'exact',
      pixelErrorBounds: Object.fromEntries(
        all.flatMap(([name, { errorBounds }]) =>
          errorBounds === null ? [] : [[name, errorBounds]],
        ),
      ),
      pooled: pooledMetrics(images),
      intervals: meanIntervals(estimates, { resamples, seed }),
      curves: {
        categories: Object.fromEntries(all.map(([name, category]) => [name, category.curves])),
        pooled: { ...imageCurves(images), pixelRoc: null, pixelPr: null, pro: null },
      },
    };
  }

  #open(category: string): Category {
    const pixels = new CategoryPixels(this.#size, this.#options);
    const opened = { images: [], pixels };
    this.#pending.set(category, opened);
    return opened;
  }

  #evaluateCategory(name: string): EvaluatedCategory {
    const known = this.#evaluated.get(name);
    if (known) return known;
    const category = this.#pending.get(name);
    if (!category) {
      throw new DomainError('NOT_FOUND', `Category ${name} has no scored images.`, {
        field: 'category',
        fix: 'Add the scored test images of the category first.',
      });
    }
    const { images } = category;
    const curve = imageCurve(images);
    const pixels = category.pixels.evaluate();
    const metrics = { ...imageMetricsOf(curve), ...pixels.metrics };
    const [strata] = imageStrata(images);
    const hasResamples = this.#options.resamples > 0 && strata !== undefined;
    const evaluated = {
      metrics,
      undefinedCodes: undefinedCodesOf(metrics, {
        ...imageCounts(images),
        ...pixels.counts,
        errorBounds: pixels.errorBounds,
      }),
      method: pixels.method,
      errorBounds: pixels.errorBounds,
      curves: { ...imageCurves(images), ...pixels.curves },
      estimates: {
        ...(hasResamples ? imageEstimates(metrics, strata, this.#options) : null),
        ...pixelEstimates(metrics, pixels.jackknife, pixels.counts),
      },
    };
    this.#pending.delete(name);
    this.#evaluated.set(name, evaluated);
    return evaluated;
  }

  #assertValid(image: ScoredImage): void {
    const { path, category, label, imageScore, anomalyMap, mask, ignored = null } = image;
    const fail = (message: string, field: string, fix: string): never => {
      throw new DomainError('INVALID_INPUT', message, { file: path, field, fix });
    };
    if (this.#known !== null && !this.#known.has(category)) {
      const fix = 'Evaluate the images of one dataset version only, under its category names.';
      fail(`Sample ${path} is of ${category}, which the dataset does not have.`, 'category', fix);
    }
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
    if (ignored !== null) assertMask(ignored, this.#size, path);
    if (mask === null) return;
    assertMask(mask, this.#size, path);
    if (label === 'normal' && mask.some((pixel) => pixel !== 0)) {
      const fix = 'Correct the label or remove the mask, then import the dataset again.';
      fail(`Sample ${path} is normal, but its mask marks anomalous pixels.`, 'mask', fix);
    }
  }
}

function imageCounts(images: readonly EvaluatedImage[]) {
  const anomalousImages = images.filter(({ label }) => label === 'anomalous').length;
  return { anomalousImages, normalImages: images.length - anomalousImages };
}

/** Pixels are not pooled. */
function pooledCodes(images: readonly EvaluatedImage[]): UndefinedCodes {
  const noPixels = { masks: 0, anomalousPixels: 0, normalPixels: 0, pixelsOfNormal: 0 };
  return undefinedCodesOf(imageMetricsOf(imageCurve(images)), {
    ...imageCounts(images),
    ...noPixels,
    errorBounds: null,
  });
}

function imageCurves(images: readonly EvaluatedImage[]) {
  const curve = imageCurve(images);
  return { imageRoc: curvePoints(curve, 'roc'), imagePr: curvePoints(curve, 'pr') };
}
