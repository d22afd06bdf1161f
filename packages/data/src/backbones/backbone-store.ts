/** @file The backbones on this platform's disk, one file each, and how they come there: fetched, or by hand. */
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import {
  type CatalogBackbone,
  DomainError,
  findCatalogBackbone,
  nameSchema,
} from '@plumbline/contracts';
import {
  type FetchProgress,
  fetchFile,
  UnconfirmedHashError,
  WrongHashError,
} from './fetch-file.ts';
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
  const { folder, mirror = null } = options;
  const pathOf = (name: string, extension = '.safetensors') => join(folder, `${name}${extension}`);

  async function find(name: string): Promise<StoredBackbone | null> {
    if (!nameSchema.safeParse(name).success) return null;
    for (const extension of EXTENSIONS) {
      const path = pathOf(name, extension);
      const found = await stat(path).catch(() => null);
      if (found?.isFile()) return { name, path, bytes: found.size };
    }
    return null;
  }

  async function list(): Promise<StoredBackbone[]> {
    const files = await readdir(folder).catch(() => []);
    const names = files.flatMap((file) =>
      EXTENSIONS.includes(extname(file)) ? [file.slice(0, -extname(file).length)] : [],
    );
    const found = await Promise.all([...new Set(names)].sort().map(find));
    return found.filter((one) => one !== null);
  }

  async function fetch(name: string, fetchOptions: FetchOptions = {}): Promise<StoredBackbone> {
    const entry = requireEntry(name);
    const target = pathOf(name);
    const url = mirror === null ? entry.url : entry.url.replace(HUB, mirror.replace(/\/+$/, ''));
    assertNoOtherHash(entry, fetchOptions.sha256);
    const sha256 = entry.sha256 ?? fetchOptions.sha256 ?? null;
    return withFileLock(target, fetchOptions.signal, async () => {
      const here = await find(name);
      if (here !== null) return here;
      const { signal, onProgress } = fetchOptions;
      const { retryDelayMs } = options;
      const timing = retryDelayMs === undefined ? {} : { retryDelayMs };
      await fetchFile({ url, target, sha256, signal, onProgress, ...timing }).catch(
        (error: unknown) => {
          throw explain(error, { entry, url, target });
        },
      );
      return (await find(name)) as StoredBackbone;
    });
  }

  async function add(name: string, file: string, sha256?: string): Promise<StoredBackbone> {
    const entry = findCatalogBackbone(name);
    const extension = extname(file).toLowerCase();
    await assertUsable(file, extension, entry);
    if (entry !== null) assertNoOtherHash(entry, sha256);
    const expected = entry?.sha256 ?? sha256 ?? null;
    const actual = await sha256OfFile(file);
    if (expected !== null && actual !== expected) {
      throw invalid(
        `"${file}" has the SHA-256 ${actual}, "${name}" must have ${expected}.`,
        entry === null ? 'Check the hash and the file.' : `Download it again from ${entry.url}.`,
        'path',
      );
    }
    const target = pathOf(name, extension);
    return withFileLock(target, undefined, async () => {
      const other = await find(name);
      if (other !== null && (await sha256OfFile(other.path)) !== actual) {
        throw new DomainError('CONFLICT', `There is another backbone "${name}" already.`, {
          field: 'name',
          fix: `Choose another name, or remove ${other.path} first.`,
        });
      }
      if (other !== null) return other;
      await mkdir(folder, { recursive: true });
      const copy = `${target}.copy`;
      try {
        await copyFile(file, copy);
        await rename(copy, target);
      } finally {
        await rm(copy, { force: true });
      }
      await rm(`${target}.part`, { force: true });
      return (await find(name)) as StoredBackbone;
    });
  }

  return { find, list, pathOf, fetch, add };
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

interface Attempt {
  readonly entry: CatalogBackbone;
  readonly url: string;
  readonly target: string;
}

/** The errors of a download in words that say what to do, where there is no network too. */
function explain(error: unknown, { entry, url, target }: Attempt): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof UnconfirmedHashError) {
    return invalid(
      `"${entry.name}" was downloaded from ${url} and has the SHA-256 ${error.sha256}, but the catalog has no hash to compare it with.`,
      `Compare it with the one shown at ${entry.page}/blob/main/model.safetensors, then run "plumb backbones fetch ${entry.name} --sha256 ${error.sha256}"; it is not downloaded again.`,
      'sha256',
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  const hash = entry.sha256 === null ? '' : ` (SHA-256 ${entry.sha256})`;
  return new DomainError(
    error instanceof WrongHashError ? 'INVALID_INPUT' : 'UNAVAILABLE',
    `The backbone "${entry.name}" could not be fetched from ${url}: ${reason}.`,
    {
      field: 'backbone',
      fix: `Try again: it resumes where it stopped. Or add the file by hand: download ${url}${hash} on another machine and run "plumb backbones add <file> --name ${entry.name}", which puts it at ${target}.`,
      cause: error,
    },
  );
}

function invalid(message: string, fix: string, field: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { field, fix });
}
