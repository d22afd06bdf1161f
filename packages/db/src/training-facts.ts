/** @file What planning a run needs to know of a dataset, counted by the database. */
import { type DatasetFacts, type Sample, sampleSchema } from '@plumbline/contracts';
import type { Client } from './client.ts';
import { findVersion } from './find-dataset-version.ts';

export class TrainingFactsRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws DomainError NOT_FOUND */
  async of(
    dataset: string,
    version?: number,
  ): Promise<DatasetFacts & { readonly version: number }> {
    const row = await findVersion(this.#client, dataset, version);
    const categories = await this.#client.$queryRaw<CategoryRow[]>`
      SELECT category AS name,
        count(*) FILTER (WHERE split = 'train' AND label = 'normal')::int AS normal,
        count(DISTINCT "imageSha256") FILTER (WHERE split = 'train' AND label = 'normal')::int AS "distinctNormal",
        count(*) FILTER (WHERE split = 'test')::int AS test,
        coalesce(avg((data->'image'->>'width')::float8 * (data->'image'->>'height')::float8), 0)::float8 AS "meanPixels"
      FROM "Sample" WHERE "datasetName" = ${dataset} AND version = ${row.version} GROUP BY category ORDER BY category`;
    return { version: row.version, hash: row.hash, categories };
  }

  /** Images that are trained or tested on with a side of fewer pixels, in the order of the manifest. */
  async smallerThan(dataset: string, version: number, sidePx: number): Promise<Sample[]> {
    const rows = await this.#client.$queryRaw<{ data: unknown }[]>`
      SELECT data FROM "Sample"
      WHERE "datasetName" = ${dataset} AND version = ${version}
        AND (split = 'test' OR (split = 'train' AND label = 'normal'))
        AND least((data->'image'->>'width')::int, (data->'image'->>'height')::int) < ${sidePx}
      ORDER BY position`;
    return rows.map(({ data }) => sampleSchema.parse(data));
  }
}

type CategoryRow = DatasetFacts['categories'][number];
