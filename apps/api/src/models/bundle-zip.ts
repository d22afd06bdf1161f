/** @file A model bundle as one .zip, written while it is sent. Weights do not compress, so files are stored as they are. */
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Services } from '../context.ts';
import { listBundleFiles } from './bundle-files.ts';

/** @throws DomainError NOT_FOUND */
export async function zipBundle(
  context: Services,
  name: string,
  version: number,
): Promise<Readable> {
  const files = await listBundleFiles(context, name, version);
  const { manifest } = await context.database.models.get(name, version);
  const zip = new ZipFile();
  // The time of the version, not of the download: the same bundle gives the same bytes.
  const mtime = new Date(manifest.lineage.createdAt);
  for (const file of files) {
    zip.addFile(file.path, `${name}-v${version}/${file.name}`, {
      compress: false,
      mtime,
      mode: 0o100644,
    });
  }
  zip.end();
  zip.on('error', (error) => zip.outputStream.destroy(error));
  return zip.outputStream;
}
