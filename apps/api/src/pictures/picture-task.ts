/** @file Work with pixels, as messages between the API's event loop and its picture threads. */
import type { ErrorBody, ImageLook } from '@plumbline/contracts';
import type { anomalyMask, decodeImage, renderHeatmap, renderPicture } from '@plumbline/data';
import type { readInferRequest } from '../open-inference/infer-request.ts';

/** What each kind of work takes. */
export interface PictureWork {
  decode: {
    readonly input: Parameters<typeof decodeImage>;
    /** The file went to the thread without a copy, and comes back. */
    readonly isMoved: boolean;
  };
  heatmap: { readonly input: Parameters<typeof renderHeatmap> };
  mask: { readonly input: Parameters<typeof anomalyMask> };
  picture: { readonly input: Parameters<typeof renderPicture> };
  tensors: { readonly input: Parameters<typeof readInferRequest> };
}

/** Pixels, and how they look. */
export type DecodedImage = Awaited<ReturnType<typeof decodeImage>> & { readonly look: ImageLook };

/** With the file that it was: what was given may have been moved. */
export type DecodedFile = DecodedImage & { readonly file: Uint8Array };

/** What each kind gives. */
export interface PictureResults {
  decode: DecodedImage & { readonly file: Uint8Array | null };
  heatmap: Uint8Array;
  mask: Awaited<ReturnType<typeof anomalyMask>>;
  picture: Uint8Array;
  tensors: ReturnType<typeof readInferRequest>;
}

export type PictureKind = keyof PictureWork;

export type PictureTask = {
  [Kind in PictureKind]: { readonly kind: Kind } & PictureWork[Kind];
}[PictureKind];

export type PictureAnswer =
  | { readonly ok: true; readonly result: PictureResults[PictureKind] }
  /** A body for what the user can fix, a message for a defect. */
  | { readonly ok: false; readonly error: ErrorBody | null; readonly message: string };
