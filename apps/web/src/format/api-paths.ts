/** @file Addresses that the browser asks the dashboard for, which forwards them to the API. */
import { HEATMAP_STYLE } from '@plumbline/contracts';

const name = encodeURIComponent;

/** The original image, or a WebP thumbnail whose longer side has `size` pixels. */
export function blobUrl(sha256: string, size?: number): string {
  return size === undefined ? `/api/v1/blobs/${sha256}` : `/api/v1/blobs/${sha256}?size=${size}`;
}

/** Takes a mask by POST. */
export function masksUrl(): string {
  return '/api/v1/masks';
}

/** Of a mask in black and white, whatever it is stored as. */
export function maskUrl(sha256: string): string {
  return `${masksUrl()}/${sha256}`;
}

/** The images on the page of a dataset. */
export function datasetPath(dataset: string): string {
  return `/datasets/${name(dataset)}#images`;
}

/** Where its training images are looked through for ones that don't belong. */
export function suspectsPath(dataset: string): string {
  return `/datasets/${name(dataset)}#suspects`;
}

/** Where a suspect of a search differs from the other training images. */
export function suspectHeatmapUrl(search: string, position: number): string {
  return `/api/v1/suspects/${name(search)}/heatmaps/${position}?style=${HEATMAP_STYLE}`;
}

/** The same of a run, by the fit that scored it. */
export function runSuspectHeatmapUrl(run: string, position: number): string {
  return `/api/v1/runs/${name(run)}/suspects/heatmaps/${position}?style=${HEATMAP_STYLE}`;
}

/** The page that draws the mask of a sample of the latest version. */
export function maskPath(dataset: string, path: string): string {
  return `/datasets/${name(dataset)}/mask?${new URLSearchParams({ path })}`;
}

/** The page that draws what is ignored in a category of the latest version. */
export function ignorePath(dataset: string, category: string): string {
  return `/datasets/${name(dataset)}/ignore?${new URLSearchParams({ category })}`;
}

/** With the style in it, since browsers keep what they have once seen under an address. */
export function heatmapUrl(model: string, version: number, sha256: string): string {
  return `/api/v1/models/${name(model)}/versions/${version}/heatmaps/${sha256}?style=${HEATMAP_STYLE}`;
}

/** Takes an image by POST and answers with the picture of what the version expects. */
export function normalUrl({ model, version, category, range }: NormalTarget): string {
  const query = new URLSearchParams({ version: String(version) });
  if (category !== null) query.set('category', category);
  if (range !== undefined) query.set('range', range);
  return `/api/v1/models/${name(model)}/normal?${query.toString()}`;
}

export interface NormalTarget {
  readonly model: string;
  readonly version: number;
  /** Of the image, where it is known: it says how more than 8 bits are read. */
  readonly category: string | null;
  /** In place of the category's, as in `0..4095`. */
  readonly range: string | undefined;
}

export function bundleFileUrl(model: string, version: number, file: string): string {
  return `/api/v1/models/${name(model)}/versions/${version}/files/${name(file)}`;
}

/** A version as a .zip in the MVTec layout. */
export function datasetZipUrl(dataset: string, version: number): string {
  return `/api/v1/datasets/${name(dataset)}/export?version=${version}`;
}

export function bundleZipUrl(model: string, version: number): string {
  return `/api/v1/models/${name(model)}/versions/${version}/bundle.zip`;
}

/** The form of a training run, filled in like another run. */
export function newRunPath(dataset: string, like?: string): string {
  return `/runs/new?${new URLSearchParams({ dataset, ...(like && { like }) })}`;
}

/** Threshold profiles of a version, and which of them serves. */
export function thresholdsUrl(model: string, version: number): string {
  return `/api/v1/models/${name(model)}/versions/${version}/thresholds`;
}

/** What runs the model of an inspection. */
export type InspectWhere = 'server' | 'browser';

/** The page that inspects an image with a version, promoted or not. */
export function inspectPath(
  model: string,
  version: number,
  where: InspectWhere = 'server',
): string {
  const query = new URLSearchParams({ model, version: String(version) });
  if (where === 'browser') query.set('where', where);
  return `/inspect?${query}`;
}

/** The page that inspects many images with a version. */
export function batchesPath(model: string, version: number): string {
  return `/inspect/batches?${new URLSearchParams({ model, version: String(version) })}`;
}

/** What came of the images of a batch, so far. */
export function batchResultsUrl(id: string, format: string): string {
  return `/api/v1/batches/${name(id)}/results?format=${format}`;
}

/** The page of one board; with both, it shows the same board again. */
export function leaderboardPath(
  dataset: string,
  datasetVersion: string,
  protocol: string | null,
): string {
  const query = new URLSearchParams({ datasetVersion });
  if (protocol !== null) query.set('protocol', protocol);
  return `/leaderboards/${name(dataset)}?${query.toString()}`;
}

/** Of a row in its page. */
export function leaderboardRowId(model: string, modelVersion: number): string {
  return `row-${model}-v${modelVersion}`;
}

/** Where results of other models are put onto the leaderboard. */
export function importResultsPath(dataset: string, protocol: string): string {
  return `/leaderboards/${name(dataset)}/import?${new URLSearchParams({ protocol })}`;
}

interface BoardAddress {
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly protocolKey: string;
}

/** A file of one board. */
export function leaderboardExportUrl(board: BoardAddress, format: string): string {
  const { dataset, datasetVersion, protocolKey: protocol } = board;
  const query = new URLSearchParams({ format, datasetVersion, protocol });
  return `/api/v1/leaderboards/${name(dataset)}/export?${query.toString()}`;
}

export interface PredictTarget {
  readonly model: string;
  readonly version?: number;
  readonly category?: string;
  /** What is black and white in an image with more than 8 bits, as in `0..4095`. */
  readonly range?: string;
}

/** The address of one inspection, under `prefix` (`/api` in the browser, the API's own address in a curl command). */
export function predictUrl(prefix: string, target: PredictTarget): string {
  const query = new URLSearchParams();
  if (target.version !== undefined) query.set('version', String(target.version));
  if (target.category !== undefined) query.set('category', target.category);
  if (target.range !== undefined) query.set('range', target.range);
  query.set('heatmap', 'true');
  query.set('regions', 'true');
  return `${prefix}/v1/models/${name(target.model)}/predict?${query.toString()}`;
}
