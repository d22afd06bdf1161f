/** @file Writes baseline TIFF files of any pixel type (TIFF 6.0, sections 2 and 8): sharp writes no others than 8 and 16 bits. */

export type TiffPixels =
  | Uint8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** @param channels 1 (gray) or 3 (RGB), interleaved. @returns One uncompressed strip. */
export function makeTiff(
  pixels: TiffPixels,
  width: number,
  height: number,
  channels: 1 | 3 = 1,
): Uint8Array {
  const data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const padding = data.length % 2;
  const short = 3;
  const long = 4;
  const directory = 8 + data.length + padding;
  // Three values of two bytes do not fit into a tag: they stand behind the directory.
  const behind = directory + 2 + 11 * 12 + 4;
  const tags: [number, number, number, number][] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, channels, channels === 1 ? pixels.BYTES_PER_ELEMENT * 8 : behind],
    [259, short, 1, 1],
    [262, short, 1, channels === 1 ? 1 : 2],
    [273, long, 1, 8],
    [277, short, 1, channels],
    [278, long, 1, height],
    [279, long, 1, data.length],
    [284, short, 1, 1],
    [339, short, channels, channels === 1 ? sampleFormat(pixels) : behind + 6],
  ];
  const bytes = Buffer.alloc(behind + 12);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(directory, 4);
  data.copy(bytes, 8);
  bytes.writeUInt16LE(tags.length, directory);
  for (const [index, [tag, type, count, value]] of tags.entries()) {
    const at = directory + 2 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    if (type === short && count === 1) bytes.writeUInt16LE(value, at + 8);
    else bytes.writeUInt32LE(value, at + 8);
  }
  for (let channel = 0; channel < 3; channel++) {
    bytes.writeUInt16LE(pixels.BYTES_PER_ELEMENT * 8, behind + channel * 2);
    bytes.writeUInt16LE(sampleFormat(pixels), behind + 6 + channel * 2);
  }
  return bytes;
}

/** TIFF's SampleFormat: unsigned, signed or floating point. */
function sampleFormat(pixels: TiffPixels): 1 | 2 | 3 {
  if (pixels instanceof Float32Array || pixels instanceof Float64Array) return 3;
  return pixels instanceof Int16Array ? 2 : 1;
}
