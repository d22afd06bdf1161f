/** @file A blob store in a folder as a place: the folder has an id, in a file that is made once. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { DomainError, STORE_ID_FILE, type StorePlace } from '@plumbline/contracts';

export async function folderPlace(folder: string): Promise<StorePlace> {
  const directory = await realpath(folder).catch(() => resolve(folder));
  const host = hostname();
  return {
    ...{ host, directory },
    ensureId: () => ensureId(folder),
    readId: () => readId(folder),
    async isCopyOf(known) {
      if (known.host !== host || (await readId(known.directory)) !== known.id) return false;
      const [there, here] = await Promise.all([stat(known.directory), stat(folder)]);
      return there.ino !== here.ino || there.dev !== here.dev;
    },
  };
}

/** However many processes ask at once, all get the same id: a file is whole when it gets its name, and keeps it. */
async function ensureId(directory: string): Promise<string> {
  const known = await readId(directory);
  if (known !== null) return known;
  await mkdir(directory, { recursive: true });
  const partial = join(directory, `${STORE_ID_FILE}.${process.pid}`);
  await writeFile(partial, `${randomUUID()}\n`);
  // Some file systems have no links; there a reader may meet the file before its content.
  await link(partial, join(directory, STORE_ID_FILE))
    .catch(() => copyFile(partial, join(directory, STORE_ID_FILE), constants.COPYFILE_EXCL))
    .catch(() => {});
  await rm(partial, { force: true });
  const id = await readId(directory);
  if (id !== null) return id;
  throw new DomainError('UNAVAILABLE', `${directory} can't be written to.`, {
    fix: 'Check its permissions and the free disk space.',
    file: join(directory, STORE_ID_FILE),
  });
}

async function readId(directory: string): Promise<string | null> {
  const text = await readFile(join(directory, STORE_ID_FILE), 'utf8').catch(() => '');
  return text.trim() || null;
}
