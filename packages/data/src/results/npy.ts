/** @file Reads NumPy's .npy arrays (format 1.0 to 3.0, numpy.lib.format): numbers and text, little-endian, C order. */
import { DomainError } from '@plumbline/contracts';

export interface NumberArray {
  readonly kind: 'number';
  readonly shape: readonly number[];
  /** f32 as stored; everything else as f64. */
  readonly data: Float32Array | Float64Array;
}

export interface TextArray {
  readonly kind: 'text';
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

export type NpyArray = NumberArray | TextArray;

const MAGIC = '\x93NUMPY';
const SAVE_AGAIN = 'Write the file again with numpy.savez.';

interface Header {
  readonly descr: string;
  readonly shape: readonly number[];
  readonly offset: number;
}

/** @throws DomainError INVALID_INPUT naming `file`, what it holds and what to save instead. */
export function readNpy(bytes: Uint8Array, file: string): NpyArray {
  const { descr, shape, offset } = readHeader(bytes, file);
  const count = shape.reduce((product, side) => product * side, 1);
  const [, order = '', kind = '', digits = ''] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  const itemBytes = Number(digits) * (kind === 'U' ? 4 : 1);
  const isText = kind === 'U' || kind === 'S';
  if (!Number.isSafeInteger(count) || (isText && itemBytes === 0))
    throw bad(file, `has items of ${descr} in the shape [${shape.join(', ')}]`, SAVE_AGAIN);
  if (order === '>') throw bad(file, 'is big-endian', 'Save it with astype("<f4").');
  const body = bytes.subarray(offset);
  if (body.byteLength !== count * itemBytes && /^[fiuUSb]$/.test(kind)) {
    throw bad(
      file,
      `has ${body.byteLength} bytes of data in place of ${count * itemBytes}: it is cut short or damaged`,
      SAVE_AGAIN,
    );
  }
  if (isText) return { kind: 'text', shape, data: readText(body, kind, count, itemBytes) };
  const data = readNumbers(body, `${kind}${digits}`, count);
  if (data === null) {
    const fix = 'Save scores and maps as float32, and paths as text: np.array(paths, dtype=str).';
    throw bad(file, `has the unsupported type ${descr}`, fix);
  }
  return { kind: 'number', shape, data };
}

function readHeader(bytes: Uint8Array, file: string): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes.length > 6 && bytes[6] !== 1;
  const start = wide ? 12 : 10;
  if (bytes.length < start || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== MAGIC)
    throw bad(file, 'is not a NumPy array', SAVE_AGAIN);
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (bytes.length < start + length) throw bad(file, 'is cut short', SAVE_AGAIN);
  const header = Buffer.from(bytes.subarray(start, start + length)).toString('latin1');
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || shape === undefined)
    throw bad(file, 'has a header that cannot be read', SAVE_AGAIN);
  if (/'fortran_order':\s*True/.test(header))
    throw bad(file, 'is in Fortran order', 'Save np.ascontiguousarray(array).');
  return {
    descr,
    shape: shape
      .split(',')
      .map((side) => side.trim())
      .filter((side) => side !== '')
      .map(Number),
    offset: start + length,
  };
}

/** f32 holds halves and integers of 16 bits exactly. */
function readNumbers(
  body: Uint8Array,
  type: string,
  count: number,
): Float32Array | Float64Array | null {
  const { buffer, byteOffset } = aligned(body);
  switch (type) {
    case 'f4':
      return new Float32Array(buffer, byteOffset, count);
    case 'f8':
      return new Float64Array(buffer, byteOffset, count);
    case 'f2':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, count), fromHalf);
    case 'u1':
    case 'b1':
      return Float32Array.from(body);
    case 'u2':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, count));
    case 'i4':
      return Float64Array.from(new Int32Array(buffer, byteOffset, count));
    case 'i8':
      return Float64Array.from(new BigInt64Array(buffer, byteOffset, count), Number);
    default:
      return null;
  }
}

/** The same bytes where a typed array may begin; copied only when they must be. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Fixed-width text, padded with zeros: UCS-4 or bytes. */
function readText(body: Uint8Array, kind: 'U' | 'S', count: number, itemBytes: number): string[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Array.from({ length: count }, (_, index) => {
    const item = bytes.subarray(index * itemBytes, (index + 1) * itemBytes);
    if (kind === 'S') return item.toString('utf8').replace(/\0+$/, '');
    let text = '';
    for (let at = 0; at < item.length; at += 4) {
      const point = item.readUInt32LE(at);
      if (point === 0) break;
      text += point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
    }
    return text;
  });
}

function bad(file: string, what: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', `${file} ${what}.`, { file, fix });
}
