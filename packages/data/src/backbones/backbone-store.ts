/** @file The backbones on this platform's disk, one file each, and how they come there: fetched, or by hand. */
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import {
  type CatalogBackbone,
  DomainError,
  findCatalogBackbone,
  nameSchema,
} from '@plumbline/contracts';
import { explainFetch, invalid } from './backbone-errors.ts';
import { type FetchProgress, fetchFile } from './fetch-file.ts';
import { withFileLock } from './file-lock.ts';
import { sha256OfFile } from './sha256-of-file.ts';

export interface StoredBackbone {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

export interface FetchOptions {
  /** Confirms the hash where the catalog has none. */
  readonly sha256?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

export interface BackboneStore {
  /** Null when its file is not here. */
  find(name: string): Promise<StoredBackbone | null>;
  list(): Promise<StoredBackbone[]>;
  /** Where the file of a catalog entry belongs. */
  pathOf(name: string): string;
  /** Gives the file of a catalog entry, fetching what is missing of it. @throws DomainError */
  fetch(name: string, options?: FetchOptions): Promise<StoredBackbone>;
  /** Copies a file that a user brings. @throws DomainError when it is not the file that the catalog means. */
  add(name: string, file: string, sha256?: string): Promise<StoredBackbone>;
}

export interface BackboneStoreOptions {
  /** `PlatformHome.backbones`. */
  readonly folder: string;
  /** In place of https://huggingface.co, for networks that have a copy of it. */
  readonly mirror?: string | null;
  /** Of `fetchFile`. */
  readonly retryDelayMs?: number;
}

const HUB = 'https://huggingface.co';
const EXTENSIONS = ['.safetensors', '.onnx'];

export function openBackboneStore(options: BackboneStoreOptions): BackboneStore {
  const { folder } = options;
  return {
    find: (name) => findIn(folder, name),
    list: () => listOf(folder),
    pathOf: (name) => pathIn(folder, name),
    fetch: (name, fetchOptions = {}) => fetchInto(options, name, fetchOptions),
    add: (name, file, sha256) => addTo(folder, { name, file, sha256 }),
  };
}

function pathIn(folder: string, name: string, extension = '.safetensors'): string {
  return join(folder, `${name}${extension}`);
}

async function findIn(folder: string, name: string): Promise<StoredBackbone | null> {
  if (!nameSchema.safeParse(name).success) return null;
  for (const extension of EXTENSIONS) {
    const path = pathIn(folder, name, extension);
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) return { name, path, bytes: found.size };
  }
  return null;
}

async function listOf(folder: string): Promise<StoredBackbone[]> {
  const files = await readdir(folder).catch(() => []);
  const names = files.flatMap((file) =>
    EXTENSIONS.includes(extname(file)) ? [file.slice(0, -extname(file).length)] : [],
  );
  const found = await Promise.all([...new Set(names)].sort().map((name) => findIn(folder, name)));
  return found.filter((one) => one !== null);
}

async function fetchInto(
  { folder, mirror = null, retryDelayMs }: BackboneStoreOptions,
  name: string,
  { sha256: given, signal, onProgress }: FetchOptions,
): Promise<StoredBackbone> {
  const entry = requireEntry(name);
  const target = pathIn(folder, name);
  const url = mirror === null ? entry.url : entry.url.replace(HUB, mirror.replace(/\/+$/, ''));
  assertNoOtherHash(entry, given);
  const sha256 = entry.sha256 ?? given ?? null;
  return withFileLock(target, signal, async () => {
    const here = await findIn(folder, name);
    if (here !== null) return here;
    const timing = retryDelayMs === undefined ? {} : { retryDelayMs };
    await fetchFile({ url, target, sha256, signal, onProgress, ...timing }).catch(
      (error: unknown) => {
        throw explainFetch(error, { entry, url, target });
      },
    );
    return (await findIn(folder, name)) as StoredBackbone;
  });
}

interface BroughtFile {
  readonly name: string;
  readonly file: string;
  readonly sha256: string | undefined;
}

async function addTo(folder: string, brought: BroughtFile): Promise<StoredBackbone> {
  const { name, file } = brought;
  const extension = extname(file).toLowerCase();
  const actual = await hashOfBrought(brought, extension);
  const target = pathIn(folder, name, extension);
  return withFileLock(target, undefined, async () => {
    const other = await findIn(folder, name);
    if (other !== null && (await sha256OfFile(other.path)) !== actual) {
      throw new DomainError('CONFLICT', `There is another backbone "${name}" already.`, {
        field: 'name',
        fix: `Choose another name, or remove ${other.path} first.`,
      });
    }
    if (other !== null) return other;
    await copyWhole(file, target);
    return (await findIn(folder, name)) as StoredBackbone;
  });
}

/** @throws DomainError INVALID_INPUT when it is not a file of weights, or not the one that is meant. */
async function hashOfBrought(
  { name, file, sha256 }: BroughtFile,
  extension: string,
): Promise<string> {
  const entry = findCatalogBackbone(name);
  await assertUsable(file, extension, entry);
  if (entry !== null) assertNoOtherHash(entry, sha256);
  const expected = entry?.sha256 ?? sha256 ?? null;
  const actual = await sha256OfFile(file);
  if (expected === null || actual === expected) return actual;
  throw invalid(
    `"${file}" has the SHA-256 ${actual}, "${name}" must have ${expected}.`,
    entry === null ? 'Check the hash and the file.' : `Download it again from ${entry.url}.`,
    'path',
  );
}

/** All of the file or nothing, in place of what was fetched of it. */
async function copyWhole(file: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const copy = `${target}.copy`;
  try {
    await copyFile(file, copy);
    await rename(copy, target);
  } finally {
    await rm(copy, { force: true });
  }
  await rm(`${target}.part`, { force: true });
}

function requireEntry(name: string): CatalogBackbone {
  const entry = findCatalogBackbone(name);
  if (entry !== null) return entry;
  throw new DomainError('NOT_FOUND', `The catalog has no backbone "${name}".`, {
    field: 'name',
    fix: 'See "plumb backbones list".',
  });
}

function assertNoOtherHash({ name, sha256 }: CatalogBackbone, given: string | undefined): void {
  if (sha256 === null || given === undefined || given === sha256) return;
  throw invalid(
    `"${name}" has the SHA-256 ${sha256}, not ${given}.`,
    'Leave the hash out: the catalog knows it.',
    'sha256',
  );
}

async function assertUsable(
  file: string,
  extension: string,
  entry: CatalogBackbone | null,
): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) {
    throw invalid(`There is no file "${file}".`, 'Name a file that the platform can read.', 'path');
  }
  if (!EXTENSIONS.includes(extension) || (entry !== null && extension !== '.safetensors')) {
    const wanted = entry === null ? '.safetensors or .onnx file' : '.safetensors file';
    throw invalid(`"${file}" is not a ${wanted}.`, `Use a ${wanted}.`, 'path');
  }
}
