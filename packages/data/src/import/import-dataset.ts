/** @file Imports a dataset: recognize the layout, check every file, then store the images and name the version by its hash. */
import { rm } from 'node:fs/promises';
import {
  type DatasetImportOptions,
  type DatasetManifest,
  DomainError,
  type ImportReport,
} from '@plumbline/contracts';
import { recognizeLayout } from '../layouts/recognize-layout.ts';
import { throwIfCancelled } from '../run-bounded.ts';
import { openSource } from '../sources/open-source.ts';
import type { SourceFiles } from '../sources/source-files.ts';
import { type BlobStore, sha256Of } from '../store/blob-store.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { type CheckedSample, checkSamples } from './check-samples.ts';
import { reportImport } from './import-report.ts';

export interface ImportOptions extends DatasetImportOptions {
  /** A folder or .zip file on this machine. */
  readonly source: string;
  readonly blobs: BlobStore;
  /** Files checked so far and in all. */
  onProgress?(checked: number, total: number): void;
  readonly signal?: AbortSignal | undefined;
}

export interface ImportedDataset {
  readonly manifest: DatasetManifest;
  /** SHA-256 of the manifest as canonical JSON. */
  readonly hash: string;
  readonly report: ImportReport;
  /** Luminance of normal images by SHA-256, 32 × 32: near duplicates are found in them. */
  readonly pictures: ReadonlyMap<string, Float32Array>;
}

/**
 * All files are checked before the first is stored; if storing fails, what this import stored is removed again.
 * The same files give the same hash, from a folder or an archive.
 * @throws DomainError naming the file at fault, or CANCELLED.
 */
export async function importDataset(options: ImportOptions): Promise<ImportedDataset> {
  const { blobs, signal, range, masks } = options;
  const told = { range, masks };
  throwIfCancelled(signal);
  const source = await openSource(options.source);
  try {
    const layout = await recognizeLayout(source);
    const { entries, ignored } = await layout.toEntries(source);
    const checked = await checkSamples({
      source,
      entries,
      advice: layout.advice,
      told,
      signal,
      onProgress: (done, total) => options.onProgress?.(done, total),
    });
    const report = reportImport({ layout: layout.name, checked, ignored, told });
    const manifest: DatasetManifest = {
      formatVersion: 1,
      layout: layout.name,
      samples: checked.map(({ sample }) => sample),
    };
    await storeBlobs({ source, checked, blobs, signal });
    return {
      manifest,
      hash: sha256Of(canonicalJson(manifest)),
      report,
      pictures: new Map(
        checked.flatMap(({ sample, picture }) =>
          picture === null ? [] : [[sample.image.sha256, picture] as const],
        ),
      ),
    };
  } finally {
    await source.close();
  }
}

interface StoreOptions {
  readonly source: SourceFiles;
  readonly checked: readonly CheckedSample[];
  readonly blobs: BlobStore;
  readonly signal: AbortSignal | undefined;
}

async function storeBlobs({ source, checked, blobs, signal }: StoreOptions): Promise<void> {
  const files = new Map<string, string>();
  for (const { sample, imageFile, mask } of checked) {
    files.set(sample.image.sha256, imageFile);
    if (mask !== null) files.set(mask.blob.sha256, mask.file);
  }
  const written: string[] = [];
  try {
    for (const [sha256, file] of files) {
      throwIfCancelled(signal);
      if (await blobs.has(sha256)) continue;
      const bytes = await source.read(file);
      if (sha256Of(bytes) !== sha256) {
        throw new DomainError('INVALID_INPUT', `${file} changed while it was imported.`, {
          fix: 'Import again once nothing writes to the folder.',
          file,
        });
      }
      await blobs.put(bytes);
      written.push(sha256);
    }
  } catch (error) {
    await Promise.all(written.map((sha256) => rm(blobs.path(sha256), { force: true })));
    throw error;
  }
}
