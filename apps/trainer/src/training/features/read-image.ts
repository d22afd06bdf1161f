/** @file From a sample to its pixels, and to what graphs take. */
import { imageFeed, type Sample, type TensorMap } from '@plumbline/contracts';
import { type BlobStore, decodeSample, type RgbImage } from '@plumbline/data';

export type BlobReader = Pick<BlobStore, 'read'>;

export async function readImage(blobs: BlobReader, sample: Sample): Promise<RgbImage> {
  return decodeSample(await blobs.read(sample.image.sha256), sample);
}

/** One image as graphs take it. */
export async function feedOf(blobs: BlobReader, sample: Sample): Promise<TensorMap> {
  return imageFeed([await readImage(blobs, sample)]);
}
