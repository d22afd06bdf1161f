/** @file Images in and out: importing datasets, the blob store, the sample dataset, decoding and heatmaps. */
export {
  type BackboneStore,
  openBackboneStore,
  type StoredBackbone,
} from './backbones/backbone-store.ts';
export type { FetchProgress } from './backbones/fetch-file.ts';
export { type BlobStore, openFolderBlobStore } from './blob-store.ts';
export { readCategoryBank, writeCategoryBank } from './category-bank-file.ts';
export { decodeImage, decodeSample, type RgbImage } from './decode-image.ts';
export { requireGridPixels, type SizedImage, shorterSide } from './image-size.ts';
export { type ImportedDataset, type ImportOptions, importDataset } from './import-dataset.ts';
export { LUMINANCE_PICTURE_SIDE, luminancePicture } from './luminance-picture.ts';
export { decodeMask, type Mask, resizeMaskNearest } from './mask.ts';
export { requirePixelsWithin } from './pixel-limit.ts';
export {
  type HeatmapOptions,
  renderHeatmap,
  renderMask,
  renderThumbnail,
} from './render-heatmap.ts';
export { renderPicture } from './render-picture.ts';
export { decodeFloatMap, type FloatMap, resizeMapBilinear } from './results/float-map.ts';
export { matchSamples } from './results/match-samples.ts';
export { openResults, type ResultRow, type ResultSet } from './results/open-results.ts';
export {
  generateSampleDataset,
  type SampleDatasetOptions,
} from './sample/generate-sample-dataset.ts';
