/**
 * @file Images as the backbone sees them, for methods that compute features in their steps: prepared by the graph that
 * prepares them everywhere else. What has been prepared is kept in memory, as far as it may.
 */
import {
  type Executor,
  type GraphSession,
  type Preprocessing,
  type Sample,
  tileCount,
} from '@plumbline/contracts';
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
  readonly #tiles: number;
  /** By tile. */
  readonly #kept = new Map<number, Float32Array>();
  #bytes = 0;

  constructor(options: ImageSourceOptions, session: GraphSession) {
    this.#tiles = tileCount(options.preprocessing);
    this.count = options.samples.length * this.#tiles;
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
    const picture = Math.floor(image / this.#tiles);
    const { pixels } = await this.#session.run(await feedOf(blobs, samples[picture] as Sample));
    const all = pixels?.data as Float32Array;
    const size = all.length / this.#tiles;
    const first = picture * this.#tiles;
    if (this.#bytes + all.byteLength <= limitBytes) {
      for (let tile = 0; tile < this.#tiles; tile++)
        this.#kept.set(first + tile, all.subarray(tile * size, (tile + 1) * size));
      this.#bytes += all.byteLength;
    }
    return all.subarray((image - first) * size, (image - first + 1) * size);
  }

  close(): Promise<void> {
    this.#kept.clear();
    return this.#session.release();
  }
}
