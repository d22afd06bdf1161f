/** @file Which images a browser would decode to other pixels than the server, by their first bytes. */

export type PictureKind = 'tiff' | 'deep-png' | 'other';

const PNG_BIT_DEPTH_AT = 24;

/** @param header The first bytes of the file. */
export function pictureKind(header: Uint8Array): PictureKind {
  const begins = (...bytes: number[]) => bytes.every((byte, at) => header[at] === byte);
  if (begins(0x49, 0x49, 0x2a, 0) || begins(0x4d, 0x4d, 0, 0x2a)) return 'tiff';
  const isPng = begins(0x89, 0x50, 0x4e, 0x47);
  return isPng && header[PNG_BIT_DEPTH_AT] === 16 ? 'deep-png' : 'other';
}
