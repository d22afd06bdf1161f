/** @file Which stored images something refers to: what a sweep of the blob store must leave. */
import type { Client, Transaction } from './client.ts';

const SWEEP = 'blob-sweep';
/** For the files of one sweep step to go. */
const TIMEOUT_MS = 120_000;

/** Until the transaction ends no blob is swept; many may hold that at once. */
export async function holdOffSweeps(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtext(${SWEEP}))`;
}

export class BlobReferences {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Hands those that no dataset version, no model version and no kept inspection refers to to `remove`. While it works nothing that refers to
   * an image can be stored.
   */
  async sweep(
    hashes: readonly string[],
    remove: (unreferenced: readonly string[]) => Promise<void>,
  ): Promise<void> {
    if (hashes.length === 0) return;
    await this.#client.$transaction(
      async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${SWEEP}))`;
        const rows = await tx.$queryRaw<{ hash: string }[]>`
          SELECT hash FROM unnest(${[...hashes]}::text[]) AS hash
          WHERE NOT EXISTS (SELECT 1 FROM "Sample" WHERE "imageSha256" = hash)
            AND NOT EXISTS (SELECT 1 FROM "Sample" WHERE "maskSha256" = hash)
            AND NOT EXISTS (SELECT 1 FROM "KeptImage" WHERE sha256 = hash)
            AND NOT EXISTS (
              SELECT 1 FROM "ModelVersion"
              WHERE manifest ? 'extension' AND (manifest -> 'extension')::text LIKE '%' || hash || '%')`;
        await remove(rows.map(({ hash }) => hash));
      },
      { timeout: TIMEOUT_MS },
    );
  }
}
