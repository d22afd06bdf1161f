/** @file A dataset version as files: the MVTec layout in one .zip, or a list of its samples with their hashes. */
/// <reference path="../yazl.d.ts" />
import { Readable } from 'node:stream';
import {
  type DatasetExport,
  type DatasetManifest,
  EXPORT_FILE,
  type ExportedSample,
  type Provenance,
  type Sample,
} from '@plumbline/contracts';
import { stringify } from 'csv-stringify/sync';
import { ZipFile } from 'yazl';
import { decodeMask } from '../images/mask.ts';
import { maskPng } from '../images/mask-png.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { type PlannedSample, planExport } from './plan-export.ts';

export interface VersionToExport {
  readonly name: string;
  readonly version: number;
  readonly datasetVersion: string;
  readonly hash: string;
  readonly createdAt: Date;
  readonly manifest: DatasetManifest;
  readonly provenance: Provenance;
}

type Blobs = Pick<BlobStore, 'read'>;

/**
 * Written while it is read: one image is in memory at a time.
 * An image that is missing or damaged destroys the stream, so that no half archive passes for a whole one.
 */
export function exportZip(exported: VersionToExport, blobs: Blobs): Readable {
  const { name, version, manifest, createdAt } = exported;
  const zip = new ZipFile();
  const output = zip.outputStream;
  zip.on('error', (error) => output.destroy(error));
  const root = `${name}-v${version}/`;
  const add = (path: string, compress: boolean, bytes: () => Promise<Uint8Array>) =>
    zip.addReadStreamLazy(root + path, { compress, mtime: createdAt, mode: 0o100644 }, (give) => {
      bytes().then(
        (found) => give(null, Readable.from([found])),
        (error: Error) => give(error, Readable.from([])),
      );
    });
  zip.addReadStreamLazy(
    root + EXPORT_FILE,
    { compress: true, mtime: createdAt, mode: 0o100644 },
    (give) => give(null, Readable.from(exportJson(exported))),
  );
  const written = new Set<string>();
  for (const planned of planExport(manifest.samples)) {
    const { sample, imageFile, maskFile, originalMaskFile } = planned;
    const { image, mask } = sample;
    add(imageFile, false, () => blobs.read(image.sha256));
    if (mask === null || maskFile === null) continue;
    if (originalMaskFile === null) add(maskFile, false, () => blobs.read(mask.sha256));
    else {
      add(maskFile, false, () => renderWholeMask(sample, blobs));
      if (!written.has(originalMaskFile))
        add(originalMaskFile, false, () => blobs.read(mask.sha256));
      written.add(originalMaskFile);
    }
  }
  zip.end();
  return output;
}

/** 0 and 255, of the size of the image. */
async function renderWholeMask(
  { path, mask, maskRule }: Sample,
  blobs: Blobs,
): Promise<Uint8Array> {
  if (mask === null) throw new Error(`${path} has no mask`);
  const bytes = await blobs.read(mask.sha256);
  return maskPng(await decodeMask(bytes, `mask of ${path}`, maskRule));
}

/** A `DatasetExport`, in pieces: that of many samples is long. */
export function* exportJson(exported: VersionToExport): Generator<string> {
  const { name, datasetVersion, hash, manifest, provenance } = exported;
  const head: Omit<DatasetExport, 'samples'> = {
    ...{ format: 'plumbline-dataset', formatVersion: 1 },
    ...{ dataset: name, datasetVersion, hash, layout: manifest.layout },
    ...provenance,
    ...(manifest.ignore === undefined ? {} : { ignore: manifest.ignore }),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"samples":[`;
  let separator = '\n';
  for (const planned of planExport(manifest.samples)) {
    yield separator + JSON.stringify(planned satisfies ExportedSample);
    separator = ',\n';
  }
  yield '\n]}\n';
}

const COLUMNS: readonly (readonly [string, (planned: PlannedSample) => string | number | null])[] =
  [
    ['file', ({ imageFile }) => imageFile],
    ['sha256', ({ sample }) => sample.image.sha256],
    ['bytes', ({ sample }) => sample.image.bytes],
    ['width', ({ sample }) => sample.image.width],
    ['height', ({ sample }) => sample.image.height],
    ['format', ({ sample }) => sample.image.format],
    ['category', ({ sample }) => sample.category],
    ['split', ({ sample }) => sample.split],
    ['label', ({ sample }) => sample.label],
    ['defect_type', ({ sample }) => sample.defectType],
    ['range_low', ({ sample }) => sample.range?.low ?? null],
    ['range_high', ({ sample }) => sample.range?.high ?? null],
    ['mask_file', ({ maskFile }) => maskFile],
    ['mask_sha256', ({ sample }) => sample.mask?.sha256 ?? null],
    ['path', ({ sample }) => sample.path],
  ];

/** A line per sample (RFC 4180); `mask_sha256` is of the mask as it was imported. */
export function* exportCsv({ manifest }: VersionToExport): Generator<string> {
  yield lineOf(COLUMNS.map(([name]) => name));
  for (const planned of planExport(manifest.samples))
    yield lineOf(COLUMNS.map(([, read]) => read(planned)));
}

function lineOf(cells: readonly (string | number | null)[]): string {
  return stringify([cells], { record_delimiter: 'windows' });
}
