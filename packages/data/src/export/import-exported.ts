/** @file Imports what `exportZip` wrote: the same samples, and so the same version hash, whatever its folders can't say. */
import {
  assertIgnoreRegions,
  type DatasetExport,
  type DatasetImportOptions,
  type DatasetManifest,
  DomainError,
  datasetExportSchema,
  EXPORT_FILE,
  type ExportedSample,
  type Provenance,
} from '@plumbline/contracts';
import { lookAtMask } from '../edit/look-at-mask.ts';
import { readImage, samplePixels } from '../images/decode-image.ts';
import type { CheckedSample } from '../import/check-samples.ts';
import { lookOf } from '../import/first-look.ts';
import {
  checkCategoryName,
  checkDefectType,
  claimsToBeImage,
  isSystemFile,
} from '../layouts/file-names.ts';
import { parseJson } from '../layouts/read-json.ts';
import { runBounded } from '../run-bounded.ts';
import type { SourceFiles } from '../sources/source-files.ts';
import type { BlobStaging } from '../store/blob-staging.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { sha256Of } from '../store/sha256.ts';

/** As of an import. */
const CONCURRENCY = 2;
/** Of some 400,000 samples; it is read into memory. */
const MAX_LIST_BYTES = 256 * 1024 ** 2;
const AS_FOLDERS = `Delete ${EXPORT_FILE} to import the folders as they are; ranges and names that only it knows are lost then.`;

export interface FoundExport {
  /** Folder that the list lies in; '' is the source itself. */
  readonly root: string;
  readonly list: DatasetExport;
  /** Of all files of the source. */
  readonly paths: ReadonlySet<string>;
}

/**
 * Null where the source is no export.
 * @throws DomainError INVALID_INPUT for a list that was changed, or options beside one that says it all
 */
export async function findExport(
  source: SourceFiles,
  told: DatasetImportOptions,
): Promise<FoundExport | null> {
  const lists = source.files.filter(
    ({ path }) => nameOf(path) === EXPORT_FILE && !isSystemFile(path),
  );
  const [file] = lists;
  if (file === undefined || lists.length > 1) return null;
  const list = await readList(source, file.path);
  const [option] = Object.entries(told).filter(([, value]) => value !== undefined);
  if (option !== undefined) {
    throw new DomainError('INVALID_INPUT', `${file.path} says how the images are read.`, {
      field: option[0],
      fix: `Import without --${option[0]}.`,
    });
  }
  const root = file.path.slice(0, -EXPORT_FILE.length).replace(/\/$/, '');
  rejectStrangers(source, root, list);
  return { root, list, paths: new Set(source.files.map((one) => one.path)) };
}

async function readList(source: SourceFiles, path: string): Promise<DatasetExport> {
  const text = Buffer.from(await source.read(path, MAX_LIST_BYTES)).toString('utf8');
  const parsed = datasetExportSchema.safeParse(parseJson(text));
  if (!parsed.success) throw changed(path, `${path} is no list of an exported dataset.`);
  const list = parsed.data;
  if (sha256Of(canonicalJson(manifestOf(list))) !== list.hash)
    throw changed(path, `${path} was changed: what it lists has another hash than it states.`);
  const paths = new Set(list.samples.map(({ sample }) => sample.path));
  if (paths.size < list.samples.length) throw changed(path, `${path} lists an image twice.`);
  for (const regions of list.ignore ?? []) assertIgnoreRegions(regions);
  for (const { sample } of list.samples) {
    const { category, label, defectType, mask } = sample;
    checkCategoryName(category, sample.path);
    // What was exported before names had today's rule is still read.
    if (defectType === '__proto__') checkDefectType(defectType, sample.path);
    const isSound = label === 'normal' ? defectType === null && mask === null : defectType !== null;
    if (!isSound) throw changed(path, `${path}: ${sample.path} is ${label}, and not like that.`);
  }
  return list;
}

/** Images that were put beside the exported ones would stay out in silence. */
function rejectStrangers(source: SourceFiles, root: string, { samples }: DatasetExport): void {
  const known = new Set(
    samples.flatMap(({ imageFile, maskFile, originalMaskFile }) => [
      ...[imageFile, maskFile, originalMaskFile],
    ]),
  );
  for (const { path } of source.files) {
    const own = root === '' ? path : path.slice(root.length + 1);
    const isListed = (root === '' || path.startsWith(`${root}/`)) && known.has(own);
    if (isListed || isSystemFile(path) || !claimsToBeImage(path)) continue;
    throw changed(path, `${EXPORT_FILE} does not list ${path}.`);
  }
}

export function manifestOf({ layout, samples, ignore }: DatasetExport): DatasetManifest {
  return {
    ...{ formatVersion: 1, layout },
    samples: samples.map(({ sample }) => sample),
    ...(ignore === undefined ? {} : { ignore }),
  };
}

export function provenanceOf({ license, source }: DatasetExport): Provenance {
  return { license, source };
}

export interface ExportedFiles {
  readonly source: SourceFiles;
  readonly staging: BlobStaging;
  readonly found: FoundExport;
  readonly onProgress?: ((checked: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws DomainError INVALID_INPUT naming a file that is missing or not the one that was exported; CANCELLED */
export async function checkExported(files: ExportedFiles): Promise<CheckedSample[]> {
  const { samples } = files.found.list;
  let done = 0;
  files.onProgress?.(0, samples.length);
  return runBounded({
    items: samples,
    concurrency: CONCURRENCY,
    signal: files.signal,
    run: async (exported) => {
      const checked = await checkOne(files, exported);
      done += 1;
      files.onProgress?.(done, samples.length);
      return checked;
    },
  });
}

async function checkOne(files: ExportedFiles, exported: ExportedSample): Promise<CheckedSample> {
  const { sample, imageFile, maskFile, originalMaskFile } = exported;
  const { image, mask } = sample;
  const bytes = await take(files, imageFile, image.sha256);
  const read = await readImage(bytes, imageFile);
  const { format, isTransparent } = read;
  const { width, height } = read.deep ?? read.rgb;
  const isAsListed =
    bytes.length === image.bytes &&
    format === image.format &&
    width === image.width &&
    height === image.height;
  if (!isAsListed) throw notExported(imageFile);
  const look = lookOf(samplePixels(read, sample), sample);
  const shared = { sample, imageFile, isTransparent, ...look };
  if (mask === null) return { ...shared, mask: null };
  const file = originalMaskFile ?? maskFile ?? '';
  await take(files, file, mask.sha256);
  const seen = await lookAtMask(files.staging, sample);
  if (seen === null || mask.width !== width || mask.height !== height) throw notExported(file);
  return { ...shared, mask: { file, blob: mask, rule: sample.maskRule ?? null, ...seen } };
}

async function take(
  { source, staging, found: { root, paths } }: ExportedFiles,
  file: string,
  sha256: string,
): Promise<Uint8Array> {
  const path = root === '' ? file : `${root}/${file}`;
  if (!paths.has(path))
    throw changed(path, `${path} is listed in ${EXPORT_FILE}, and is not there.`);
  const bytes = await source.read(path);
  if ((await staging.add(bytes)) !== sha256) throw notExported(path);
  return bytes;
}

function notExported(path: string): DomainError {
  return changed(path, `${path} is not the file that was exported: its bytes changed.`);
}

function changed(file: string, message: string): DomainError {
  return new DomainError('INVALID_INPUT', message, {
    file,
    fix: `Export it again, or make changes to the dataset with \`plumb datasets edit\`. ${AS_FOLDERS}`,
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
