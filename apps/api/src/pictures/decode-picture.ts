/** @file An image as inspections take it: pixels in memory of their own, and how it looks. */
import { decodeImage, imageLook } from '@plumbline/data';
import type { DecodedImage } from './picture-task.ts';

/** @throws DomainError as `decodeImage` */
export async function decodePicture(
  ...input: Parameters<typeof decodeImage>
): Promise<DecodedImage> {
  const image = await decodeImage(...input);
  return { ...image, data: own(image.data), look: imageLook(image) };
}

/** In memory of its own, which can go to another thread without another copy there. */
export function own(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
