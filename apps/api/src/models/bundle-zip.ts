/** @file A model bundle as one .zip, written while it is sent. Weights do not compress, so files are stored as they are. */
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Services } from '../context.ts';
import { listBundleFiles } from './bundle-files.ts';

/** @throws DomainError NOT_FOUND; UNAVAILABLE while the store is away */
export async function zipBundle(
  context: Services,
  name: string,
  version: number,
): Promise<Readable> {
  const files = await listBundleFiles(context, name, version);
  const { manifest } = await context.database.models.get(name, version);
  // No machine keeps a copy of the manifest: a store that is away is said before the archive begins.
  await files.at(-1)?.read();
  const zip = new ZipFile();
  // The time of the version, not of the download: the same bundle gives the same bytes.
  const mtime = new Date(manifest.lineage.createdAt);
  const options = { compress: false, mtime, mode: 0o100644 };
  // What lasts until the archive is read, or is given up.
  let current: Readable | null = null;
  for (const { name: file, open } of files) {
    zip.addReadStreamLazy(`${name}-v${version}/${file}`, options, (give) => {
      open().then(
        ({ stream }) => {
          current = stream.once('error', (error) => zip.outputStream.destroy(error));
          give(null, stream);
        },
        (error: Error) => zip.outputStream.destroy(error),
      );
    });
  }
  zip.end();
  zip.outputStream.once('close', () => current?.destroy());
  zip.on('error', (error) => zip.outputStream.destroy(error));
  return zip.outputStream;
}
