/** @file The content type of an image by its first bytes. */

const SIGNATURES: readonly (readonly [contentType: string, pattern: RegExp])[] = [
  ['image/png', /^\x89PNG/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
  ['image/bmp', /^BM/],
  ['image/tiff', /^(?:II[*+]\0|MM\0[*+])/],
];

const OTHER = 'application/octet-stream';

/** Of stored images and masks. */
export const IMAGE_FILE_TYPES = [...SIGNATURES.map(([type]) => type), OTHER];

/** `application/octet-stream` for what is no image that imports accept. */
export function imageContentType(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  const known = SIGNATURES.find(([, pattern]) => pattern.test(start));
  return known?.[0] ?? OTHER;
}
