/** @file Masks between the platform and a drawing. */
import { type StoredMask, storedMaskSchema } from '@plumbline/contracts';
import { UploadFailure } from '~/components/uploads/upload-failure.ts';
import { masksUrl, maskUrl } from '~/format/api-paths.ts';
import { errorBodyOfJson } from '~/trpc/errors.ts';

/** Half of white. */
const MIDDLE = 127;

/** @throws UploadFailure with what the API said */
export async function fetchMask(
  sha256: string,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(maskUrl(sha256), { signal });
  if (!response.ok) throw await failureOf(response);
  const bitmap = await createImageBitmap(await response.blob());
  const { width, height } = bitmap;
  const context = contextOf(width, height);
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return Uint8Array.from({ length: width * height }, (_, i) => Number((data[4 * i] ?? 0) > MIDDLE));
}

interface Marks {
  readonly width: number;
  readonly height: number;
  /** 0 or 1, height × width. */
  readonly data: Uint8Array;
}

/** @throws UploadFailure with what the API said */
export async function sendMask({ width, height, data }: Marks): Promise<StoredMask> {
  const context = contextOf(width, height);
  const pixels = new ImageData(width, height);
  for (let i = 0; i < data.length; i++) {
    pixels.data.fill(data[i] === 1 ? 255 : 0, 4 * i, 4 * i + 3);
    pixels.data[4 * i + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  const body = await new Promise<Blob | null>((resolve) => {
    context.canvas.toBlob(resolve, 'image/png');
  });
  if (body === null) throw new Error('The browser could not make a PNG of the mask.');
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await fetch(masksUrl(), { method: 'POST', headers, body });
  if (!response.ok) throw await failureOf(response);
  return storedMaskSchema.parse(await response.json());
}

function contextOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser has no canvas to draw on.');
  return context;
}

async function failureOf(response: Response): Promise<UploadFailure> {
  const body: unknown = await response.json().catch(() => null);
  return new UploadFailure(errorBodyOfJson(body, response.status));
}
