/** @file Whether bytes can leave with their memory: to another thread, or for good. */

/** Of a part, as of what Node has in its pool, the memory is that of others too. */
export function ownsMemory(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
}
