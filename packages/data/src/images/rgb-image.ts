/** @file Decoded pixels. */

export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** RGB, height × width × 3. */
  readonly data: Uint8Array;
}
