/**
 * @file Images as the backbone sees them, for methods that compute features in their steps: prepared by the graph that
 * prepares them everywhere else. What has been prepared is kept in memory, as far as it may.
 */
import type { Executor, GraphSession, Preprocessing, Sample } from '@plumbline/contracts';
import { buildPixelsGraph, type ImageSource } from '@plumbline/model';
import { type BlobReader, feedOf } from './read-image.ts';

export interface ImageSourceOptions {
  readonly samples: readonly Sample[];
  readonly preprocessing: Preprocessing;
  readonly blobs: BlobReader;
  readonly serving: Executor;
  /** Most that prepared images may take in memory; those beyond are prepared each time. */
  readonly limitBytes: number;
  readonly signal: AbortSignal;
}

export interface PreparedImages extends ImageSource {
  close(): Promise<void>;
}

export async function openImageSource(options: ImageSourceOptions): Promise<PreparedImages> {
  const session = await options.serving.load(buildPixelsGraph(options.preprocessing));
  return new KeptImages(options, session);
}

class KeptImages implements PreparedImages {
  readonly count: number;
  readonly #options: ImageSourceOptions;
  readonly #session: GraphSession;
  readonly #kept = new Map<number, Float32Array>();
  #bytes = 0;

  constructor(options: ImageSourceOptions, session: GraphSession) {
    this.count = options.samples.length;
    this.#options = options;
    this.#session = session;
  }

  async read(images: Int32Array, out: Float32Array): Promise<void> {
    const size = out.length / images.length;
    for (const [slot, image] of images.entries()) {
      this.#options.signal.throwIfAborted();
      out.set(this.#kept.get(image) ?? (await this.#prepare(image)), slot * size);
    }
  }

  async #prepare(image: number): Promise<Float32Array> {
    const { blobs, samples, limitBytes } = this.#options;
    const { pixels } = await this.#session.run(await feedOf(blobs, samples[image] as Sample));
    const values = pixels?.data as Float32Array;
    if (this.#bytes + values.byteLength <= limitBytes) {
      this.#kept.set(image, values);
      this.#bytes += values.byteLength;
    }
    return values;
  }

  close(): Promise<void> {
    this.#kept.clear();
    return this.#session.release();
  }
}
