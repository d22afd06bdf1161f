/**
 * @file The way of requests to an inference child: a pipe of its own, with pixels as they are. The IPC channel copies them on either side, into
 * memory that only a look at the whole heap gives back, several times a second where images are large.
 */
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { InspectRequest } from './inference-protocol.ts';

/** The pipe, after standard input, output, error, the IPC channel and the heartbeat. */
export const REQUESTS_FD = 5;
/** Lengths of what follows: of the head, as JSON, and of the pixels. Unsigned, 32 bits, little-endian. */
const LENGTHS_BYTES = 8;
/** As much as a pipe holds at once, on most systems. */
const READ_BYTES = 256 * 1024;

/** @param onSent Once the system has all of it, or the pipe is closed: then with the error. */
export function writeRequest(
  pipe: Writable,
  { data, ...head }: InspectRequest,
  onSent: (error?: Error | null) => void,
): void {
  const text = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32LE(text.length, 0);
  lengths.writeUInt32LE(data.length, 4);
  pipe.cork();
  pipe.write(Buffer.concat([lengths, text]));
  pipe.write(data, onSent);
  pipe.uncork();
}

/** Requests from a pipe, in their order, into memory that `memory` gives. */
export class RequestReader {
  readonly #memory: PixelMemory;
  readonly #onRequest: (request: InspectRequest) => void;
  #part: Uint8Array = new Uint8Array(LENGTHS_BYTES);
  #filled = 0;
  #onPart: (part: Uint8Array) => void = (part) => this.#takeLengths(part);

  constructor(memory: PixelMemory, onRequest: (request: InspectRequest) => void) {
    this.#memory = memory;
    this.#onRequest = onRequest;
  }

  /** From now on. The pipe alone does not keep this process alive. */
  readFrom(fd: number): void {
    const buffer = Buffer.alloc(READ_BYTES);
    const callback = (length: number): boolean => {
      this.take(buffer.subarray(0, length));
      return true;
    };
    const options = { fd, writable: false, onread: { buffer, callback } };
    new Socket(options).unref();
  }

  /** Bytes as they come; copied. */
  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const some = bytes.subarray(at, at + this.#part.length - this.#filled);
      this.#part.set(some, this.#filled);
      this.#filled += some.length;
      at += some.length;
      if (this.#filled === this.#part.length) this.#onPart(this.#part);
    }
  }

  #expect(part: Uint8Array, onPart: (part: Uint8Array) => void): void {
    this.#part = part;
    this.#filled = 0;
    this.#onPart = onPart;
  }

  #takeLengths(bytes: Uint8Array): void {
    const lengths = new DataView(bytes.buffer, bytes.byteOffset);
    const pixels = lengths.getUint32(4, true);
    this.#expect(new Uint8Array(lengths.getUint32(0, true)), (text) =>
      this.#takeHead(text, pixels),
    );
  }

  #takeHead(text: Uint8Array, pixels: number): void {
    const head = JSON.parse(Buffer.from(text).toString()) as Omit<InspectRequest, 'data'>;
    this.#expect(this.#memory.take(pixels), (data) => {
      this.#expect(new Uint8Array(LENGTHS_BYTES), (lengths) => this.#takeLengths(lengths));
      this.#onRequest({ ...head, data });
    });
  }
}

/** Images that a child has at once, and so memory that it keeps for the next ones. */
const KEPT = 2;
/** Larger memory is not kept: 11 Mpx. */
const KEPT_BYTES = 32 * 2 ** 20;

/** Memory of images that are answered, for the next ones. */
export class PixelMemory {
  readonly #kept: ArrayBufferLike[] = [];

  /** Whatever was in it. */
  take(bytes: number): Uint8Array {
    const index = this.#kept.findIndex((one) => one.byteLength >= bytes);
    const [found = new ArrayBuffer(bytes)] = index < 0 ? [] : this.#kept.splice(index, 1);
    return new Uint8Array(found, 0, bytes);
  }

  /** Nobody may look at it any more. */
  giveBack({ buffer }: Uint8Array): void {
    if (buffer.byteLength > KEPT_BYTES) return;
    // The largest ones serve the most images.
    this.#kept.push(buffer);
    this.#kept.sort((a, b) => a.byteLength - b.byteLength);
    if (this.#kept.length > KEPT) this.#kept.shift();
  }
}
