/** @file The images of a batch, each at its place: of a dataset version, or of an uploaded archive. */
import { hostname } from 'node:os';
import {
  type BatchOrder,
  type BatchSource,
  DomainError,
  knownCategories,
  maskPaths,
  type Sample,
  type TrainedVersion,
  uploadElsewhere,
  type ValueRange,
} from '@plumbline/contracts';
import { openArchiveImages } from '@plumbline/data';
import type { Services } from '../context.ts';
import { MAX_IMAGE_BYTES } from '../limits/admission.ts';

export interface BatchImage {
  /** Place in the source, from 0: the same whenever it is opened. */
  readonly position: number;
  /** In the dataset or archive. */
  readonly path: string;
  /** Whose thresholds are used; found from the image when absent. */
  readonly category?: string | undefined;
  /** Of an image with more than 8 bits; the model's when absent. */
  readonly range?: ValueRange | undefined;
  /** @throws DomainError */
  read(): Promise<Uint8Array>;
}

export interface BatchImages {
  readonly total: number;
  /** Of pixels that one may have. */
  readonly maxPixels: number;
  /** Those at other places, in their order. */
  except(done: ReadonlySet<number>): AsyncGenerator<BatchImage, void, undefined>;
  /** @throws DomainError NOT_FOUND */
  at(position: number): Promise<BatchImage>;
  close(): Promise<void>;
}

type Deps = Pick<Services, 'database' | 'blobs' | 'stores' | 'uploads' | 'maxPixels'>;

const PAGE = 200;

/** @throws DomainError NOT_FOUND or INVALID_INPUT for a source that is gone or has no images */
export function openBatchImages(
  deps: Deps,
  { source, category }: Pick<BatchOrder, 'source' | 'category'>,
  version: TrainedVersion,
): Promise<BatchImages> {
  return source.kind === 'dataset'
    ? openDataset(deps, source, { category, known: knownCategories(version.manifest) })
    : openUpload(deps, source, category);
}

type SourceOf<Kind extends BatchSource['kind']> = Extract<BatchSource, { kind: Kind }>;

interface Categories {
  /** The one that was asked for. */
  readonly category: string | undefined;
  readonly known: readonly string[];
}

async function openDataset(
  { database, blobs }: Deps,
  source: SourceOf<'dataset'>,
  categories: Categories,
): Promise<BatchImages> {
  const { kind: _, ...filter } = source;
  const page = (offset: number, limit: number) =>
    database.datasets.samples({ ...filter, offset, limit });
  const { total } = await page(0, 1);
  if (total === 0) throw noSuchImages(source);
  const toImage = (sample: Sample, position: number): BatchImage => ({
    ...{ position, path: sample.path, range: sample.range },
    category: categories.category ?? categories.known.find((one) => one === sample.category),
    read: () => blobs.read(sample.image.sha256),
  });
  return {
    total,
    // The import has taken them, whatever may be sent.
    maxPixels: Number.POSITIVE_INFINITY,
    async *except(done) {
      for (let offset = 0; offset < total; offset += PAGE) {
        const places = Array.from({ length: Math.min(PAGE, total - offset) }, (_, i) => offset + i);
        if (places.every((place) => done.has(place))) continue;
        const { samples } = await page(offset, PAGE);
        for (const [index, sample] of samples.entries())
          if (!done.has(offset + index)) yield toImage(sample, offset + index);
      }
    },
    async at(position) {
      const [sample] = (await page(position, 1)).samples;
      if (sample === undefined) throw noImageAt(position);
      return toImage(sample, position);
    },
    close: async () => {},
  };
}

async function openUpload(
  { uploads, stores, maxPixels }: Deps,
  { uploadId, fileName = 'The upload' }: SourceOf<'upload'>,
  category: string | undefined,
): Promise<BatchImages> {
  const path = await uploads.pathOf(uploadId).catch((error: unknown) => {
    throw typeof stores.place === 'string' ? error : uploadElsewhere(hostname(), 'API');
  });
  const archive = await openArchiveImages(path, fileName);
  const { paths } = archive;
  const masks = maskPaths(paths);
  const toImage = (path: string, position: number): BatchImage => ({
    ...{ position, path, category },
    read: async () => {
      if (masks.has(path)) throw notInspected(path);
      return archive.read(path, MAX_IMAGE_BYTES);
    },
  });
  return {
    ...{ total: paths.length, maxPixels },
    async *except(done) {
      for (const [position, path] of paths.entries())
        if (!done.has(position)) yield toImage(path, position);
    },
    async at(position) {
      const path = paths[position];
      if (path === undefined) throw noImageAt(position);
      return toImage(path, position);
    },
    close: () => archive.close(),
  };
}

function noSuchImages({ name, version, split, category }: SourceOf<'dataset'>): DomainError {
  const which = [split, category].filter((one) => one !== undefined).join(', ');
  const of = `${name}${version === undefined ? '' : ` v${version}`}`;
  return new DomainError('INVALID_INPUT', `${of} has no images${which && ` of ${which}`}.`, {
    fix: `See what it has: plumb datasets show ${name}.`,
    field: category === undefined ? 'source.split' : 'source.category',
  });
}

/** Its result says so: the archive of a whole dataset has masks too. */
function notInspected(path: string): DomainError {
  return new DomainError('UNSUPPORTED', `${path} is the mask of another image by its name.`, {
    fix: 'Nothing is to be done. If it is no mask, put it into another folder, or give it another name.',
    file: path,
  });
}

function noImageAt(position: number): DomainError {
  return new DomainError('NOT_FOUND', `The batch has no image ${position}.`, {
    fix: 'Places count from 0; the results have the address of each heatmap.',
    field: 'image',
  });
}
