/** @file Many images scored one after the other, a few at a time, with a line of results for each. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PlumblineClient, PredictOptions } from '@plumbline/client';
import {
  DomainError,
  type ErrorBody,
  type InspectedFile,
  type Prediction,
} from '@plumbline/contracts';
import { duration, type Output } from '../output.ts';
import { type FoundImage, unreadable } from './find-images.ts';
import type { ResultFile } from './result-file.ts';

/** One is decoded while another is scored. */
const AT_A_TIME = 4;

export interface ImagesOptions {
  readonly client: PlumblineClient;
  readonly model: string;
  /** Of every request. */
  readonly asked: PredictOptions;
  /** Folder of the heatmaps; null for none. */
  readonly heatmaps: string | null;
  readonly results: ResultFile;
  readonly signal: AbortSignal;
}

export interface ImageCounts {
  readonly images: number;
  readonly anomalous: number;
  readonly normal: number;
  /** Of the normal ones. */
  readonly uncertain: number;
  readonly failed: number;
}

/** @throws DomainError UNAVAILABLE when the API stays away: what was answered is in the results */
export async function predictImages(
  output: Output,
  images: readonly FoundImage[],
  options: ImagesOptions,
): Promise<ImageCounts> {
  const tally = new Tally(options.results, images);
  const waiting = images.filter(({ name }) => !tally.isDone(name));
  const started = performance.now();
  let done = 0;
  let failure: unknown = null;
  const work = async () => {
    for (let image = waiting.shift(); image !== undefined; image = waiting.shift()) {
      options.signal.throwIfAborted();
      const result = await predictOne(image, options);
      await options.results.append(result);
      tally.add(result);
      done++;
      const left = ((performance.now() - started) / done) * waiting.length;
      const time = waiting.length === 0 ? '' : `, about ${duration(left / 1000)} left`;
      output.progress(`${tally.counts.images} of ${images.length} images${time}`);
    }
  };
  // All end with the image that they are at, so that no answer is lost.
  const workers = Array.from({ length: AT_A_TIME }, () =>
    work().catch((error: unknown) => {
      failure ??= error;
      waiting.length = 0;
    }),
  );
  await Promise.all(workers);
  if (failure !== null) throw failure;
  return tally.counts;
}

/** What an image can do nothing about ends the command; what is wrong with it is its result. */
async function predictOne(image: FoundImage, options: ImagesOptions): Promise<InspectedFile> {
  const { client, model, asked, signal } = options;
  try {
    const body = await readFile(image.path).catch((cause: unknown) => {
      throw unreadable(image.path, cause);
    });
    const answer = await client.predict(model, body, { ...asked, signal });
    const { heatmap, mask: _, ...prediction } = answer;
    const picture = await saveHeatmap(heatmap, image, options.heatmaps);
    return { image: image.name, prediction, heatmap: picture, error: null };
  } catch (error) {
    const body = error instanceof DomainError ? error.toBody() : null;
    if (body === null || !isOfTheImage(body)) throw error;
    return { image: image.name, prediction: null, heatmap: null, error: body };
  }
}

function isOfTheImage({ code, field, file }: ErrorBody): boolean {
  if (code === 'NOT_FOUND') return file !== null;
  // A category or range that is refused is refused with every image.
  if (code === 'INVALID_INPUT') return field === null || field === 'image';
  return code === 'TOO_LARGE' || code === 'UNSUPPORTED';
}

/** @returns where. */
async function saveHeatmap(
  heatmap: Prediction['heatmap'],
  { name }: FoundImage,
  folder: string | null,
): Promise<string | null> {
  if (heatmap === null || folder === null) return null;
  // Nothing outside the folder, whatever path was given.
  const parts = name.split('/').filter((part) => !/^(|\.|\.\.|[a-z]:)$/i.test(part));
  const path = join(folder, `${parts.join('/')}.png`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.from(heatmap, 'base64'));
  return path;
}

class Tally {
  readonly #done = new Set<string>();
  readonly #counts = { images: 0, anomalous: 0, normal: 0, uncertain: 0, failed: 0 };

  constructor({ kept }: ResultFile, images: readonly FoundImage[]) {
    const names = new Set(images.map(({ name }) => name));
    for (const row of kept) {
      this.#done.add(row.image);
      // A file may hold other folders' results too.
      if (names.has(row.image)) this.#count(row);
    }
  }

  get counts(): ImageCounts {
    return { ...this.#counts };
  }

  isDone(name: string): boolean {
    return this.#done.has(name);
  }

  add({ prediction }: InspectedFile): void {
    if (prediction !== null) this.#count(prediction);
    else {
      this.#counts.images++;
      this.#counts.failed++;
    }
  }

  #count({ predictedLabel, uncertain }: { predictedLabel: string; uncertain: boolean }): void {
    this.#counts.images++;
    if (predictedLabel === 'anomalous') this.#counts.anomalous++;
    else this.#counts.normal++;
    if (uncertain) this.#counts.uncertain++;
  }
}
