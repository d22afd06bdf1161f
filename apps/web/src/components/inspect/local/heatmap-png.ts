/** @file The heatmap of an image as the API would draw it, as a PNG in base64. */
import { type HeatmapScale, type ImagePixels, paintHeatmap } from '@plumbline/contracts';

export interface LocalMap {
  readonly anomalyMap: Float32Array;
  readonly mapHeight: number;
  readonly mapWidth: number;
}

export async function heatmapPng(
  image: ImagePixels,
  map: LocalMap,
  scale: HeatmapScale,
): Promise<string> {
  const rgb = paintHeatmap({ image, ...map, ...scale });
  const picture = new ImageData(image.width, image.height);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4)
    picture.data.set([rgb[from]!, rgb[from + 1]!, rgb[from + 2]!, 255], to);
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
  return base64(new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()));
}

/** More arguments at once than engines take would throw. */
const AT_ONCE = 0x8000;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += AT_ONCE)
    text += String.fromCharCode(...bytes.subarray(from, from + AT_ONCE));
  return btoa(text);
}
