/** @file What is counted of every inspection: where its time goes, and what came of it. */
import { ERROR_STATUS, type Prediction } from '@plumbline/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { describeError } from '../errors/describe-error.ts';
import type { ServedModel } from '../inference/served-model.ts';

/** `queue`: until its turn, and until a child has time. `encode`: regions, heatmap and tensors of the answer. */
export type Stage = 'queue' | 'decode' | 'infer' | 'encode';

/** Seconds: from a tenth of a small image to the slowest that is let through. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export class InspectionMetrics {
  readonly #requests;
  readonly #inProgress;
  readonly #stages;
  readonly #verdicts;
  readonly #invalid;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Counter({
      name: 'vad_inference_requests_total',
      help: 'Images that a model was asked about, by the HTTP status of what came of them.',
      labelNames: ['model', 'version', 'code'],
      registers,
    });
    this.#inProgress = new Gauge({
      name: 'vad_inference_in_progress',
      help: 'Images that are decoded, computed or encoded at the moment.',
      labelNames: ['model'],
      registers,
    });
    this.#stages = new Histogram({
      name: 'vad_inference_duration_seconds',
      help: 'Time of an image in each stage: queue, decode, infer, encode.',
      labelNames: ['stage'],
      buckets: BUCKETS,
      registers,
    });
    this.#verdicts = new Counter({
      name: 'vad_verdicts_total',
      help: 'Inspections by their verdict; without a category where one threshold for all was asked for.',
      labelNames: ['model', 'category', 'verdict'],
      registers,
    });
    this.#invalid = new Counter({
      name: 'vad_invalid_images_total',
      help: 'Images that could not be inspected, by the code of the error.',
      labelNames: ['reason'],
      registers,
    });
  }

  /** Once the answer is out, as is the verdict: whoever waits for it does not wait for its labels. */
  observe(stage: Stage, milliseconds: number): void {
    setImmediate(() => this.#stages.observe({ stage }, Math.max(0, milliseconds) / 1_000));
  }

  /** Names of models that do not exist are no labels: anybody can make up any number of them. */
  async count<Result>({ version }: ServedModel, work: () => Promise<Result>): Promise<Result> {
    const { model } = version;
    const of = { model, version: String(version.version) };
    this.#inProgress.inc({ model });
    try {
      const result = await work();
      this.#requests.inc({ ...of, code: '200' });
      return result;
    } catch (error) {
      const { code, file } = describeError(error);
      this.#requests.inc({ ...of, code: String(ERROR_STATUS[code]) });
      if (file === 'image') this.#invalid.inc({ reason: code });
      throw error;
    } finally {
      this.#inProgress.dec({ model });
    }
  }

  verdict({
    model,
    category,
    predictedLabel,
    uncertain,
  }: Pick<Prediction, 'model' | 'category' | 'predictedLabel' | 'uncertain'>): void {
    const verdict = uncertain ? 'uncertain' : predictedLabel;
    setImmediate(() => this.#verdicts.inc({ model, category: category ?? '', verdict }));
  }
}
