/** @file The files of a model bundle: only those that its manifest names, and the manifest itself. */
import { basename } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import type { Bundle } from '@plumbline/data';
import type { Services } from '../context.ts';

const MANIFEST = 'manifest.json';

type OpenedFile = NonNullable<Awaited<ReturnType<Bundle['open']>>>;

export interface BundleFile {
  readonly name: string;
  /** @throws DomainError NOT_FOUND when it is gone; UNAVAILABLE while the store is away */
  read(): Promise<Uint8Array>;
  /** @throws as `read` */
  open(): Promise<OpenedFile>;
}

/** The manifest last. @throws DomainError NOT_FOUND */
export async function listBundleFiles(
  { database, stores: { bundles } }: Pick<Services, 'database' | 'stores'>,
  name: string,
  version: number,
): Promise<BundleFile[]> {
  const { manifest } = await database.models.get(name, version);
  const directory = await database.models.bundleDirectory(name, version);
  const bundle = bundles.at({ directory, files: manifest.files });
  const orGone = <Found>(file: string, found: Found | null): Found => {
    if (found !== null) return found;
    throw new DomainError(
      'NOT_FOUND',
      `The file "${file}" of ${name} ${version} is gone from ${bundles.name}/${directory}.`,
      { file, fix: 'Put it back from a copy, or train the version again.' },
    );
  };
  const names = new Set([...manifest.files.map((file) => file.name), MANIFEST]);
  return [...names]
    .filter((file) => file === basename(file))
    .map((file) => ({
      name: file,
      read: async () => orGone(file, await bundle.read(file)),
      open: async () => orGone(file, await bundle.open(file)),
    }));
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
  if (found !== undefined) return found.open();
  throw new DomainError('NOT_FOUND', `The bundle of ${name} ${version} has no file "${file}".`, {
    file,
    fix: `It has ${files.map((candidate) => candidate.name).join(', ')}.`,
  });
}
