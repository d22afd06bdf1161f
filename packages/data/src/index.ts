/** @file Images in and out: importing datasets, the blob store, the sample dataset, decoding and heatmaps. */
export {
  type BackboneStore,
  openBackboneStore,
  type StoredBackbone,
} from './backbones/backbone-store.ts';
export type { FetchProgress } from './backbones/fetch-file.ts';
export type {
  Bundle,
  BundleFile,
  BundleStore,
} from './bundles/bundle-store.ts';
export { openFolderBundles } from './bundles/folder-bundles.ts';
export { type EditOptions, editDataset } from './edit/edit-dataset.ts';
export { takeInspected } from './edit/take-inspected.ts';
export {
  exportCsv,
  exportJson,
  exportZip,
  type VersionToExport,
} from './export/export-dataset.ts';
export { freeBytes } from './free-bytes.ts';
export { anomalyMask } from './images/anomaly-mask.ts';
export { decodeImage, decodeSample } from './images/decode-image.ts';
export { imageLook } from './images/image-look.ts';
export { requireGridPixels, type SizedImage, shorterSide } from './images/image-size.ts';
export { LUMINANCE_PICTURE_SIDE, luminancePicture } from './images/luminance-picture.ts';
export { decodeMask, type Mask } from './images/mask.ts';
export { markedShare, maskPng, readAnyMask } from './images/mask-png.ts';
export { plainPngSize } from './images/plain-png.ts';
export { renderHeatmap, renderMask, renderThumbnail } from './images/render-heatmap.ts';
export { renderPicture } from './images/render-picture.ts';
export { type ResizedMask, resizeMask } from './images/resize-mask.ts';
export type { RgbImage } from './images/rgb-image.ts';
export {
  blobHashesOf,
  type ImportedDataset,
  type ImportOptions,
  importDataset,
} from './import/import-dataset.ts';
export { surveySource } from './import/survey-source.ts';
export { datasetLayouts } from './layouts/recognize-layout.ts';
export { openFolderStore } from './objects/folder-store.ts';
export type { ObjectStore } from './objects/object-store.ts';
export { openStores, type Stores } from './objects/open-stores.ts';
export { decodeFloatMap, type FloatMap, resizeMapBilinear } from './results/float-map.ts';
export { matchSamples } from './results/match-samples.ts';
export { openResults } from './results/open-results.ts';
export type { ResultRow, ResultSet } from './results/result-set.ts';
export {
  generateSampleDataset,
  type SampleDatasetOptions,
} from './sample/generate-sample-dataset.ts';
export { type ArchiveImages, openArchiveImages } from './sources/archive-images.ts';
export { assertInBucket } from './sources/bucket.ts';
export { type BlobStore, openFolderBlobStore } from './store/blob-store.ts';
export { type KeptLooks, openKeptLooks } from './store/kept-looks.ts';
export { writeSynced } from './store/write-synced.ts';
