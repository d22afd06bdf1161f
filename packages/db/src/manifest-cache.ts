/**
 * @file Manifests of model versions, read and validated once: they never change, lists and leaderboards need those of all
 * versions, and one takes up to a megabyte.
 */
import {
  type ModelVersion,
  type VersionManifest,
  versionManifestSchema,
} from '@plumbline/contracts';
import { BoundedCache } from './bounded-cache.ts';
import type { Client } from './client.ts';
import type { ModelVersion as Row } from './generated/prisma/client.ts';
import { toModelVersion } from './model-rows.ts';

/** As JSON; in memory they take a few times that. Some 600 manifests of ten categories. */
const CAPACITY_BYTES = 32 * 2 ** 20;

export class ManifestCache {
  readonly #client: Pick<Client, 'modelVersion'>;
  /** By the run that made the version. */
  readonly #kept: BoundedCache<VersionManifest>;

  constructor(client: Pick<Client, 'modelVersion'>, capacityBytes = CAPACITY_BYTES) {
    this.#client = client;
    this.#kept = new BoundedCache(capacityBytes);
  }

  /** In one statement for all that are not known yet. @param runIds of versions that are there */
  async of(runIds: readonly string[]): Promise<ReadonlyMap<string, VersionManifest>> {
    const found = new Map<string, VersionManifest>();
    for (const runId of runIds) {
      const known = this.#kept.get(runId);
      if (known !== undefined) found.set(runId, known);
    }
    const missing = runIds.filter((runId) => !found.has(runId));
    if (missing.length === 0) return found;
    const rows = await this.#client.modelVersion.findMany({
      where: { runId: { in: missing } },
      select: { runId: true, manifest: true },
    });
    for (const { runId, manifest: stored } of rows) {
      const manifest = versionManifestSchema.parse(stored);
      found.set(runId, manifest);
      this.#kept.keep(runId, manifest, JSON.stringify(stored).length);
    }
    return found;
  }

  /** Rows that were read without their manifests, as versions; one that was removed meanwhile is left out. */
  async complete<R extends Omit<Row, 'manifest'>>(
    rows: readonly R[],
    promotedOf: (row: R) => number | null,
  ): Promise<ModelVersion[]> {
    const manifests = await this.of(rows.map(({ runId }) => runId));
    return rows.flatMap((row) => {
      const manifest = manifests.get(row.runId);
      return manifest === undefined ? [] : [toModelVersion(row, promotedOf(row), manifest)];
    });
  }
}
