/**
 * @file Which blob store the database's images are in. The store has an id, in a file that is made once; the database
 * remembers it with the place it was last used at. Whoever brings another store finds images missing, so it is refused.
 */
import { join } from 'node:path';
import {
  DomainError,
  STORE_ID_FILE,
  type StorePlace,
  type StoreRecord,
} from '@plumbline/contracts';
import type { Client } from './client.ts';
import { folderPlace } from './folder-place.ts';

export class StoreRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Makes the store of a fresh database, or checks that it is the database's.
   * @param where A folder, or a store elsewhere.
   * @param isOwnDatabase Whether the database lies in the same home: then it was copied or moved with the store.
   * @throws DomainError CONFLICT when the database belongs to another store, or this is a copy of its store.
   */
  async claim(where: string | StorePlace, isOwnDatabase = false): Promise<void> {
    const id = await (await placeOf(where)).ensureId();
    // A folder may have been made just now, and has its real path from then on.
    const place = await placeOf(where);
    const here = { id, host: place.host, directory: place.directory };
    const known = await this.#client.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('store'))`;
      const row = await tx.blobStore.findFirst();
      if (row !== null) return row;
      return tx.blobStore.create({ data: here });
    });
    if (known.id !== here.id) throw otherStore(known, here);
    if (known.host === here.host && known.directory === here.directory) return;
    // A folder can't ask the bucket whether it is still there. A bucket is in nobody's home.
    const isFolder = typeof where === 'string';
    const isBack = isFolder && isBucket(known);
    const isExcused = isOwnDatabase && isFolder && !isBack;
    if (isBack || (!isExcused && (await place.isCopyOf(known)))) throw copiedStore(known, here);
    await this.#client.blobStore.updateMany({ where: { id: here.id }, data: here });
  }

  /** One look, for `/readyz`. @throws DomainError UNAVAILABLE when the store is gone or is another */
  async check(where: string | StorePlace): Promise<void> {
    const place = await placeOf(where);
    const [id, row] = await Promise.all([place.readId(), this.#client.blobStore.findFirst()]);
    if (row === null || id === row.id) return;
    throw new DomainError(
      'UNAVAILABLE',
      `The images of this database are not in ${place.directory}.`,
      {
        fix: `Restore the store ${row.id}, which was in ${row.directory} on ${row.host}.`,
      },
    );
  }
}

function otherStore(known: StoreRecord, here: StoreRecord): DomainError {
  return new DomainError(
    'CONFLICT',
    `The database belongs to the blob store ${known.id} in ${known.directory} on ${known.host}, and ${here.directory} is the store ${here.id}.`,
    {
      fix:
        `Set ${variableOf(known)}, or give this home a database of its own (another DATABASE_URL, or none). ` +
        `If its images are in ${here.directory} after all, write "${known.id}" into ${idFileOf(here)}.`,
    },
  );
}

function copiedStore(known: StoreRecord, here: StoreRecord): DomainError {
  return new DomainError(
    'CONFLICT',
    `${here.directory} is a copy of the blob store ${known.id}; the database belongs to the one in ${known.directory}, which is still there.`,
    {
      fix: `Set ${variableOf(known)}, or give this copy a database of its own (another DATABASE_URL, or none). If the store has moved, ${movedFrom(known)}.`,
    },
  );
}

async function placeOf(where: string | StorePlace): Promise<StorePlace> {
  return typeof where === 'string' ? folderPlace(where) : where;
}

function isBucket({ directory }: StoreRecord): boolean {
  return directory.startsWith('s3://');
}

function variableOf(known: StoreRecord): string {
  if (isBucket(known)) return `PLUMBLINE_STORE to ${known.directory}`;
  return 'PLUMBLINE_HOME to the home that the database belongs to (and no PLUMBLINE_STORE)';
}

function movedFrom(known: StoreRecord): string {
  return isBucket(known)
    ? `tell the database: DELETE FROM "BlobStore"`
    : `remove ${idFileOf(known)}`;
}

/** The bucket's images are below its prefix, as those of a home are in `blobs`. */
function idFileOf(place: StoreRecord): string {
  return isBucket(place)
    ? `${place.directory}/blobs/${STORE_ID_FILE}`
    : join(place.directory, STORE_ID_FILE);
}
