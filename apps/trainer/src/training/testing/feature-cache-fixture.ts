/**
 * @file A feature cache of made-up images, for its tests. Run as a process of its own it opens the cache that its
 * argument describes and says what came of it: to its parent, or as JSON.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32, deflateSync } from 'node:zlib';
import { type Sample, toErrorBody } from '@plumbline/contracts';
import { type FeatureCacheOptions, openFeatureCache } from '../features/feature-cache.ts';

export const LEVELS = [
  { tap: 'fine', grid: 4, channels: 3 },
  { tap: 'coarse', grid: 2, channels: 5 },
];

export interface MadeUpOptions {
  readonly folder: string;
  readonly images: number;
  /** The first of them; 0 when absent. */
  readonly from?: number;
  /** Bytes of a shard. */
  readonly shardBytes?: number;
  /** Side of each image; 20 pixels all when absent. */
  readonly shapes?: readonly number[];
  readonly limitBytes?: number;
  /** How long a batch takes. */
  readonly delayMs?: number;
  /** Whether the process stays, with the features open. */
  readonly keepOpen?: boolean;
  readonly onImage?: () => void;
}

/** What the made-up graph computes: element `index` of the tokens of an image. */
export function valueAt(image: number, level: number, index: number): number {
  return image + level / 4 + (index % 8) / 16;
}

/** A square PNG of one color. */
function plainPng(side: number, color: readonly number[]): Buffer {
  const row = [0, ...Array.from({ length: side }, () => color).flat()];
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8); // 8 bits, RGB
  const pixels = deflateSync(Buffer.from(Array.from({ length: side }, () => row).flat()));
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(data.length, 0);
    frame.set(body, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  };
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function madeUpSample(sha256: string, number: number): Sample {
  return {
    path: `bolt/train/good/${number}.png`,
    category: 'bolt',
    split: 'train',
    label: 'normal',
    defectType: null,
    image: { sha256, bytes: 1, width: 20, height: 20, format: 'png' },
    mask: null,
  };
}

/** Images are of one color, which is their number. */
export function madeUpCache(made: MadeUpOptions) {
  const batchSizes: number[] = [];
  const { from = 0 } = made;
  const numbers = new Map(
    Array.from({ length: made.images }, (_, i) => [
      createHash('sha256')
        .update(`image ${from + i}`)
        .digest('hex'),
      from + i,
    ]),
  );
  const blobs = {
    read: async (sha256: string) => {
      const number = numbers.get(sha256) ?? 0;
      const side = made.shapes?.[number - from] ?? 20;
      return plainPng(side, [number % 256, Math.floor(number / 256), 0]);
    },
  };
  const options: FeatureCacheOptions = {
    folder: made.folder,
    limitBytes: made.limitBytes ?? 1e9,
    graph: Uint8Array.of(1, 2, 3),
    provider: 'cpu',
    levels: LEVELS,
    blobs,
    ...(made.shardBytes === undefined ? {} : { shardBytes: made.shardBytes }),
    samples: [...numbers].map(([sha256, number]) => madeUpSample(sha256, number)),
    loadGraph: async () => ({
      inputNames: ['image'],
      outputNames: LEVELS.map((_, level) => `tokens${level}`),
      run: async ({ image }) => {
        const [n = 0, height = 0, width = 0] = image?.shape ?? [];
        batchSizes.push(n);
        await sleep(made.delayMs ?? 0);
        const pixels = image?.data as Uint8Array;
        const seen = Array.from({ length: n }, (_, i) => {
          const at = i * height * width * 3;
          return pixels[at]! + 256 * pixels[at + 1]!;
        });
        return Object.fromEntries(
          LEVELS.map(({ grid, channels }, level) => {
            const size = grid ** 2 * channels;
            const data = Float32Array.from({ length: n * size }, (_, i) =>
              valueAt(seen[Math.floor(i / size)]!, level, i % size),
            );
            return [`tokens${level}`, { dtype: 'float32', shape: [n, grid ** 2, channels], data }];
          }),
        );
      },
      release: async () => {},
    }),
    onProgress: async () => made.onImage?.(),
    signal: new AbortController().signal,
  };
  return {
    options,
    batchSizes: () => batchSizes,
    computed: () => batchSizes.reduce((sum, size) => sum + size, 0),
  };
}

async function runAsProcess(made: MadeUpOptions): Promise<void> {
  try {
    const cache = madeUpCache(made);
    const features = await openFeatureCache(cache.options);
    const out = new Float32Array(48);
    features.read(0, Int32Array.of(made.images - 1), out);
    const last = (made.from ?? 0) + made.images - 1;
    const right = Math.abs(out[7]! - valueAt(last, 0, 7)) < 0.01;
    process.send?.({ computed: cache.computed(), right });
    if (made.keepOpen === true) await sleep(60_000);
    await features.close();
  } catch (error) {
    console.log(JSON.stringify(toErrorBody(error)));
  }
  process.exit(0);
}

if (process.argv[1] === import.meta.filename && process.argv[2] !== undefined)
  await runAsProcess(JSON.parse(process.argv[2]) as MadeUpOptions);
