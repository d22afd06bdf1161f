/** @file Makes another version of a dataset from one that is stored: every image and mask is read and looked at again, none is copied. */
import type { DatasetChange, DatasetManifest, Sample } from '@plumbline/contracts';
import { decodeSample, readImage } from '../images/decode-image.ts';
import { markMask, readMask } from '../images/mask.ts';
import { readingOf } from '../images/mask-rule.ts';
import type { CheckedMask } from '../import/check-masks.ts';
import type { CheckedSample } from '../import/check-samples.ts';
import { lookOf } from '../import/first-look.ts';
import { type ImportedDataset, picturesOf } from '../import/import-dataset.ts';
import { reportImport } from '../import/import-report.ts';
import { runBounded } from '../run-bounded.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { sha256Of } from '../store/sha256.ts';
import { editSamples } from './edit-samples.ts';

/** As of an import. */
const CONCURRENCY = 2;
const NOT_ZERO = { above: 0, inverted: false };

export interface EditOptions {
  /** Of the version that is changed. */
  readonly manifest: DatasetManifest;
  readonly changes: readonly DatasetChange[];
  /** Samples of the datasets that changes add from, by name. */
  readonly addedFrom: ReadonlyMap<string, readonly Sample[]>;
  readonly blobs: BlobStore;
  /** Images looked at so far and in all. */
  onProgress?(checked: number, total: number): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Ranges of values and rules of masks stay those that the samples have: what stays keeps its pixels.
 * @throws DomainError as `editSamples`; INTERNAL for an image that is damaged; CANCELLED
 */
export async function editDataset(options: EditOptions): Promise<ImportedDataset> {
  const { manifest, changes, addedFrom, blobs, signal } = options;
  const samples = editSamples(manifest.samples, changes, addedFrom);
  let done = 0;
  const checked = await runBounded({
    items: samples,
    concurrency: CONCURRENCY,
    signal,
    run: async (sample) => {
      const found = await lookAgain(blobs, sample);
      done += 1;
      options.onProgress?.(done, samples.length);
      return found;
    },
  });
  const edited: DatasetManifest = { ...manifest, samples };
  return {
    manifest: edited,
    hash: sha256Of(canonicalJson(edited)),
    report: reportImport({ layout: manifest.layout, checked, ignored: [], root: '', told: {} }),
    pictures: picturesOf(checked),
  };
}

async function lookAgain(blobs: BlobStore, sample: Sample): Promise<CheckedSample> {
  const { path, image, mask } = sample;
  const bytes = await blobs.read(image.sha256);
  const { isTransparent } = await readImage(bytes, path);
  const look = lookOf(await decodeSample(bytes, sample), sample);
  const marked = mask === null ? null : await lookAtMask(blobs, sample, mask);
  return { sample, imageFile: path, mask: marked, isTransparent, ...look };
}

async function lookAtMask(
  blobs: BlobStore,
  { path, maskRule = NOT_ZERO }: Sample,
  blob: CheckedMask['blob'],
): Promise<CheckedMask> {
  const file = `mask of ${path}`;
  const values = await readMask(await blobs.read(blob.sha256), file);
  const { data } = markMask(values, maskRule);
  const share = data.reduce((sum, one) => sum + one, 0) / data.length;
  const { levels } = readingOf(values, maskRule.inverted ? 'inverted' : undefined);
  const rule = maskRule === NOT_ZERO ? null : maskRule;
  return { file, blob, levels, rule, share };
}
