/** @file The files of a model bundle: only those that its manifest names, and the manifest itself. */
import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import type { Services } from '../context.ts';

const MANIFEST = 'manifest.json';

export interface BundleFile {
  readonly name: string;
  readonly path: string;
}

/** @throws DomainError NOT_FOUND */
export async function listBundleFiles(
  { database, home }: Services,
  name: string,
  version: number,
): Promise<BundleFile[]> {
  const { manifest } = await database.models.get(name, version);
  const directory = join(home.bundles, await database.models.bundleDirectory(name, version));
  const names = new Set([...manifest.files.map((file) => file.name), MANIFEST]);
  return [...names]
    .filter((file) => file === basename(file))
    .map((file) => ({ name: file, path: join(directory, file) }));
}

export interface OpenedFile {
  readonly stream: ReadStream;
  readonly bytes: number;
}

/** @throws DomainError NOT_FOUND for a name that is not in the bundle */
export async function openBundleFile(
  context: Services,
  name: string,
  version: number,
  file: string,
): Promise<OpenedFile> {
  const files = await listBundleFiles(context, name, version);
  const found = files.find((candidate) => candidate.name === file);
  const stats = found === undefined ? null : await stat(found.path).catch(() => null);
  if (found === undefined || stats === null) {
    throw new DomainError('NOT_FOUND', `The bundle of ${name} ${version} has no file "${file}".`, {
      file,
      fix: `It has ${files.map((candidate) => candidate.name).join(', ')}.`,
    });
  }
  return { stream: createReadStream(found.path), bytes: stats.size };
}
