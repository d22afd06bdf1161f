/**
 * @file Which blob store the database's images are in. The store has an id, in a file that is made once; the database
 * remembers it with the place it was last used at. Whoever brings another store finds images missing, so it is refused.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import type { Client } from './client.ts';
import type { BlobStore } from './generated/prisma/client.ts';

const ID_FILE = 'store-id';

export class StoreRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Makes the store of a fresh database, or checks that it is the database's.
   * @param isOwnDatabase Whether the database lies in the same home: then it was copied or moved with the store.
   * @throws DomainError CONFLICT when the database belongs to another store, or this is a copy of its store.
   */
  async claim(directory: string, isOwnDatabase = false): Promise<void> {
    const here = {
      id: await ensureId(directory),
      host: hostname(),
      directory: await real(directory),
    };
    const known = await this.#client.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('store'))`;
      const row = await tx.blobStore.findFirst();
      if (row !== null) return row;
      return tx.blobStore.create({ data: here });
    });
    if (known.id !== here.id) throw otherStore(known, here);
    if (known.host === here.host && known.directory === here.directory) return;
    if (!isOwnDatabase && (await isStillThere(known, here))) throw copiedStore(known, here);
    await this.#client.blobStore.updateMany({ where: { id: here.id }, data: here });
  }

  /** One look, for `/readyz`. @throws DomainError UNAVAILABLE when the store is gone or is another */
  async check(directory: string): Promise<void> {
    const [id, row] = await Promise.all([readId(directory), this.#client.blobStore.findFirst()]);
    if (row === null || id === row.id) return;
    throw new DomainError('UNAVAILABLE', `The images of this database are not in ${directory}.`, {
      fix: `Restore the store ${row.id}, which was in ${row.directory} on ${row.host}.`,
    });
  }
}

/** However many processes ask at once, all get the same id: a file is whole when it gets its name, and keeps it. */
async function ensureId(directory: string): Promise<string> {
  const known = await readId(directory);
  if (known !== null) return known;
  await mkdir(directory, { recursive: true });
  const partial = join(directory, `${ID_FILE}.${process.pid}`);
  await writeFile(partial, `${randomUUID()}\n`);
  // Some file systems have no links; there a reader may meet the file before its content.
  await link(partial, join(directory, ID_FILE))
    .catch(() => copyFile(partial, join(directory, ID_FILE), constants.COPYFILE_EXCL))
    .catch(() => {});
  await rm(partial, { force: true });
  const id = await readId(directory);
  if (id !== null) return id;
  throw new DomainError('UNAVAILABLE', `${directory} can't be written to.`, {
    fix: 'Check its permissions and the free disk space.',
    file: join(directory, ID_FILE),
  });
}

async function readId(directory: string): Promise<string | null> {
  const text = await readFile(join(directory, ID_FILE), 'utf8').catch(() => '');
  return text.trim() || null;
}

type Place = Pick<BlobStore, 'id' | 'host' | 'directory'>;

/** The place that the database knows is on this machine, has the same id, and is another folder than this one. */
async function isStillThere(known: Place, here: Place): Promise<boolean> {
  if (known.host !== here.host || (await readId(known.directory)) !== known.id) return false;
  const [there, place] = await Promise.all([stat(known.directory), stat(here.directory)]);
  return there.ino !== place.ino || there.dev !== place.dev;
}

function otherStore(known: Place, here: Place): DomainError {
  return new DomainError(
    'CONFLICT',
    `The database belongs to the blob store ${known.id} in ${known.directory} on ${known.host}, and ${here.directory} is the store ${here.id}.`,
    {
      fix:
        'Set PLUMBLINE_HOME to the home that the database belongs to, or give this home a database of its own (another DATABASE_URL, or none). ' +
        `If its images are in this folder after all, write "${known.id}" into ${join(here.directory, ID_FILE)}.`,
    },
  );
}

function copiedStore(known: Place, here: Place): DomainError {
  return new DomainError(
    'CONFLICT',
    `${here.directory} is a copy of the blob store ${known.id}; the database belongs to the one in ${known.directory}, which is still there.`,
    {
      fix: 'Use the home that the database belongs to, or give this copy a database of its own (another DATABASE_URL, or none).',
    },
  );
}

async function real(directory: string): Promise<string> {
  return realpath(directory).catch(() => resolve(directory));
}
