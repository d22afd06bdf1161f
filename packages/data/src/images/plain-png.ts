/** @file Tells the usual PNG by its chunks, without a decoder: 8 bits, no transparency, nothing that turns or colors it. */

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Those that say nothing of what is asked here; any other leaves it to the decoder. */
const KNOWN = new Set(['IDAT', 'PLTE', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'bKGD', 'pHYs', 'tIME']);
/** Length and type before the bytes of a chunk, and its sum after them. */
const AROUND = 12;
const HEADER_BYTES = 13;
const BITS_AT = 8;
const COLOR_AT = 9;
/** Gray, RGB and palette. */
const OPAQUE = [0, 2, 3];

/**
 * Size of a PNG of which nothing else is to be known: 8 bits per channel, upright, without alpha. Null where its chunks tell more, and
 * for what is damaged. Whether its pixels are whole, decoding shows.
 */
export function plainPngSize(bytes: Uint8Array): { width: number; height: number } | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = SIGNATURE.length;
  if (!file.subarray(0, start).equals(SIGNATURE)) return null;
  let type = '';
  for (let at = start; type !== 'IEND'; ) {
    if (at + AROUND > file.length) return null;
    const length = file.readUInt32BE(at);
    type = file.toString('latin1', at + 4, at + 8);
    const body = at + 8;
    if (at === start) {
      if (type !== 'IHDR' || length !== HEADER_BYTES || body + length > file.length) return null;
      if (file[body + BITS_AT] !== 8 || !OPAQUE.includes(file[body + COLOR_AT]!)) return null;
    } else if (type !== 'IEND' && !KNOWN.has(type)) return null;
    at += AROUND + length;
  }
  return { width: file.readUInt32BE(start + 8), height: file.readUInt32BE(start + 12) };
}
