/**
 * @file Pages of a dataset version's samples. A version never changes, so which of its samples match a filter is read once:
 * any page of them, however far back, is then found by the primary key.
 */
import { type ListSamplesInput, type SamplePage, sampleSchema } from '@plumbline/contracts';
import { BoundedCache } from './bounded-cache.ts';
import type { Client } from './client.ts';
import { findVersion } from './find-dataset-version.ts';

/** Positions that are kept, of all filters together: 4 bytes each. */
const CAPACITY = 2_000_000;

type Filter = Pick<ListSamplesInput, 'category' | 'split' | 'label' | 'defectType' | 'path'>;
type FoundVersion = Awaited<ReturnType<typeof findVersion>>;

export class SamplePages {
  readonly #client: Client;
  /** Positions by version and filter. */
  readonly #kept: BoundedCache<Int32Array>;

  constructor(client: Client, capacity = CAPACITY) {
    this.#client = client;
    this.#kept = new BoundedCache(capacity);
  }

  async read({ name, version, offset, limit, ...filter }: ListSamplesInput): Promise<SamplePage> {
    const found = await findVersion(this.#client, name, version);
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    if (!isFiltered) {
      const position = { gte: offset, lt: offset + limit };
      return { total: found.images, samples: await this.#samples(found, position) };
    }
    const positions = await this.#positions(found, filter);
    const position = { in: [...positions.subarray(offset, offset + limit)] };
    return { total: positions.length, samples: await this.#samples(found, position) };
  }

  async #samples(
    { datasetName, version }: FoundVersion,
    position: { readonly gte: number; readonly lt: number } | { readonly in: number[] },
  ): Promise<SamplePage['samples']> {
    const rows = await this.#client.sample.findMany({
      where: { datasetName, version, position },
      orderBy: { position: 'asc' },
      select: { data: true },
    });
    return rows.map((row) => sampleSchema.parse(row.data));
  }

  async #positions(found: FoundVersion, filter: Filter): Promise<Int32Array> {
    const { datasetName, version, hash, createdAt } = found;
    const { category, split, label, defectType, path } = filter;
    const chosen = [category, split, label, defectType, path].map((value) => value ?? null);
    // A dataset's name may be used again once it is deleted.
    const key = JSON.stringify([datasetName, version, hash, createdAt, ...chosen]);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const rows = await this.#client.sample.findMany({
      where: {
        ...{ datasetName, version },
        ...(category === undefined ? {} : { category }),
        ...(split === undefined ? {} : { split }),
        ...(label === undefined ? {} : { label }),
        ...(defectType === undefined ? {} : { defectType }),
        ...(path === undefined ? {} : { data: { path: ['path'], equals: path } }),
      },
      orderBy: { position: 'asc' },
      select: { position: true },
    });
    const positions = Int32Array.from(rows, ({ position }) => position);
    this.#kept.keep(key, positions, positions.length);
    return positions;
  }
}
