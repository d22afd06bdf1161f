/** @file Imports a dataset: recognize the layout, check every file, then store the images and name the version by its hash. */
import {
  type DatasetImportOptions,
  type DatasetManifest,
  DomainError,
  type ImportReport,
  type Provenance,
  type S3Access,
  type ValueRange,
} from '@plumbline/contracts';
import {
  checkExported,
  type ExportedFiles,
  findExport,
  manifestOf,
  provenanceOf,
} from '../export/import-exported.ts';
import type { Layout, LayoutSource } from '../layouts/layout.ts';
import { mappedLayout } from '../layouts/mapped.ts';
import { recognizeLayout } from '../layouts/recognize-layout.ts';
import { throwIfCancelled } from '../run-bounded.ts';
import { openSource } from '../sources/open-source.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import type { KeptLooks } from '../store/kept-looks.ts';
import { sha256Of } from '../store/sha256.ts';
import { type CheckedSample, checkSamples } from './check-samples.ts';
import { reportImport } from './import-report.ts';
import { makeSplit } from './make-split.ts';

export interface ImportOptions extends DatasetImportOptions {
  /** A folder or .zip file on this machine, or `s3://bucket/prefix`. */
  readonly source: string;
  /** Where buckets are. */
  readonly s3?: S3Access | undefined;
  /** Of the source where its file has no name that anybody gave: an only category is named after it. */
  readonly name?: string;
  readonly blobs: BlobStore;
  /** Keeps what is seen, for later changes of the dataset. */
  readonly looks?: KeptLooks | undefined;
  /** By category, where images of it are stored already: equal values mean equal brightness. */
  readonly knownRanges?: ReadonlyMap<string, ValueRange> | undefined;
  /** Of the dataset that the images are added to, where they are: a category that no file names is one of these. */
  readonly categories?: readonly string[];
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
  /** Of an exported dataset: what its list says. */
  readonly provenance?: Provenance;
}

/**
 * All files are checked before the first is stored. If storing fails, what is stored by then stays until a sweep removes it.
 * The same files give the same hash, from a folder or an archive.
 * @throws DomainError naming the file at fault, or CANCELLED.
 */
export async function importDataset(options: ImportOptions): Promise<ImportedDataset> {
  const { blobs, signal, range, masks, split: rule, mapping } = options;
  const told = { range, masks };
  throwIfCancelled(signal);
  const staging = await blobs.stage();
  const source = await openSource(options.source, { name: options.name, s3: options.s3 });
  try {
    const found = await findExport(source, { ...told, split: rule, mapping });
    if (found !== null)
      return await importExported(
        { source, staging, found, signal, onProgress: options.onProgress },
        options.looks,
      );
    const named: LayoutSource = {
      ...{ name: source.name, files: source.files, directories: source.directories },
      ...{ read: (path, max) => source.read(path, max), categories: options.categories },
    };
    const layout = mapping === undefined ? await recognizeLayout(named) : mappedLayout(mapping);
    rejectReading(layout, masks);
    const { root, entries, ignored, notes } = await layout.toEntries(named);
    const looked = await checkSamples({
      ...{ source, staging, entries },
      advice: layout.advice,
      knownRanges: options.knownRanges,
      told,
      signal,
      onProgress: (done, total) => options.onProgress?.(done, total),
    });
    const { checked, split } = makeSplit(looked, rule, layout.testShare);
    const report = reportImport({
      layout: layout.name,
      checked,
      ignored,
      root,
      told,
      notes,
      split,
    });
    const manifest: DatasetManifest = {
      formatVersion: 1,
      layout: layout.name,
      samples: checked.map(({ sample }) => sample),
    };
    throwIfCancelled(signal);
    await staging.commit(blobHashesOf(manifest));
    await options.looks?.write(checked);
    return {
      manifest,
      hash: sha256Of(canonicalJson(manifest)),
      report,
      pictures: picturesOf(checked),
    };
  } finally {
    await staging.discard();
    await source.close();
  }
}

function rejectReading({ ownMasks, title }: Layout, masks: DatasetImportOptions['masks']): void {
  if (ownMasks !== true || masks !== 'inverted') return;
  throw new DomainError('INVALID_INPUT', `The masks of ${title} mark what is not black.`, {
    field: 'masks',
    fix: 'Import without --masks; if yours are read otherwise, say in a mapping what is what.',
  });
}

/** What was exported has its samples listed: they are checked against their hashes, and stay as they were. */
async function importExported(files: ExportedFiles, looks?: KeptLooks): Promise<ImportedDataset> {
  const { list, root } = files.found;
  const checked = await checkExported(files);
  const manifest = manifestOf(list);
  const { layout, hash } = list;
  throwIfCancelled(files.signal);
  await files.staging.commit(blobHashesOf(manifest));
  await looks?.write(checked);
  return {
    ...{ manifest, hash },
    report: reportImport({ layout, checked, ignored: [], root, told: {} }),
    pictures: picturesOf(checked),
    provenance: provenanceOf(list),
  };
}

/** By SHA-256. */
export function picturesOf(checked: readonly CheckedSample[]): Map<string, Float32Array> {
  return new Map(
    checked.flatMap(({ sample, picture }) =>
      picture === null ? [] : [[sample.image.sha256, picture] as const],
    ),
  );
}

/** Of the images and masks in the manifest: a mask of a normal image is none. */
export function blobHashesOf({ samples }: DatasetManifest): string[] {
  return samples.flatMap(({ image, mask }) =>
    mask === null ? [image.sha256] : [image.sha256, mask.sha256],
  );
}
