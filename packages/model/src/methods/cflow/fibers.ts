/**
 * @file Which feature vectors a step sees, as released: some images are drawn, their vectors of all places are mixed, and
 * steps take them in turn. L places, C channels.
 */
import type { TensorMap } from '@plumbline/contracts';
import { float32 } from '../../onnx/index.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import type { Streams } from '../../training/streams.ts';
import type { Batches } from '../../training/trainable.ts';

export interface FiberSizes {
  /** L. */
  readonly places: number;
  /** C. */
  readonly channels: number;
  readonly batchSize: number;
  /** Of a step. */
  readonly vectors: number;
  /** Steps that the images drawn together give. */
  readonly fibers: number;
}

export interface FiberSource {
  /** Images. */
  readonly count: number;
  /** @param out f32 `[images.length, L, C]`, filled. */
  read(images: Int32Array, out: Float32Array): void;
  /** Of the places, f32 `[L, D]`. */
  readonly codes: Float32Array;
}

export class Fibers implements Batches {
  /** The images drawn together, one draw after the other. */
  readonly draws: Batches;
  readonly #sizes: FiberSizes;
  readonly #source: FiberSource;
  readonly #random: Streams;
  readonly #tokens: Float32Array;
  readonly #vectors: Float32Array;
  readonly #codes: Float32Array;
  #drawn = -1;
  #order: Int32Array = new Int32Array();

  constructor(sizes: FiberSizes, source: FiberSource, random: Streams) {
    this.#sizes = sizes;
    this.#source = source;
    this.#random = random;
    this.draws = new EpochBatches(allImages(source.count), sizes.batchSize, random);
    this.#tokens = new Float32Array(sizes.batchSize * sizes.places * sizes.channels);
    this.#vectors = new Float32Array(sizes.vectors * sizes.channels);
    this.#codes = new Float32Array(sizes.vectors * this.#codeSize);
  }

  images(step: number): Int32Array {
    return this.draws.images(this.#draw(step));
  }

  /** `vectors` f32 `[N, C]` and `codes` f32 `[N, D]`, in arrays that stay the same. */
  feeds(step: number): TensorMap {
    const { vectors, channels, places, fibers } = this.#sizes;
    const size = this.#codeSize;
    this.#mix(this.#draw(step));
    const start = (step % fibers) * vectors;
    for (let slot = 0; slot < vectors; slot++) {
      const at = this.#order[start + slot]!;
      this.#vectors.set(this.#tokens.subarray(at * channels, (at + 1) * channels), slot * channels);
      const place = at % places;
      this.#codes.set(this.#source.codes.subarray(place * size, (place + 1) * size), slot * size);
    }
    return {
      vectors: float32([vectors, channels], this.#vectors),
      codes: float32([vectors, size], this.#codes),
    };
  }

  get #codeSize(): number {
    return this.#source.codes.length / this.#sizes.places;
  }

  #draw(step: number): number {
    return Math.floor(step / this.#sizes.fibers);
  }

  /** Reads a draw's images and mixes their vectors: a function of the seed and the draw, wherever a training goes on. */
  #mix(draw: number): void {
    if (draw === this.#drawn) return;
    this.#source.read(this.draws.images(draw), this.#tokens);
    this.#order = this.#random('vectors', draw).permutation(
      this.#sizes.batchSize * this.#sizes.places,
    );
    this.#drawn = draw;
  }
}
