/**
 * @file `category-bank.safetensors` of a model bundle (https://huggingface.co/docs/safetensors): `descriptors` f16
 * `[images, size]`, `categories` i32 `[images]` and, in the metadata, `names` as JSON. Whoever serves reads it, browsers
 * too, so it is apart from the weights that `packages/model` reads.
 */
import {
  CATEGORY_BANK_FILE,
  type CategoryBankHeader,
  categoryBankHeaderSchema,
  type DescriptorBank,
} from '../category-bank.ts';
import { DomainError } from '../errors.ts';
import { toFloats, toHalves } from '../half-precision.ts';

const PREFIX_BYTES = 8;

/** Descriptors are rounded to halves. */
export function writeCategoryBank(bank: DescriptorBank): Uint8Array {
  const { names, categories, size } = bank;
  const descriptors = toHalves(bank.descriptors);
  const categoriesStart = descriptors.byteLength;
  const header = {
    __metadata__: { names: JSON.stringify(names) },
    descriptors: {
      dtype: 'F16',
      shape: [categories.length, size],
      data_offsets: [0, categoriesStart],
    },
    categories: {
      dtype: 'I32',
      shape: [categories.length],
      data_offsets: [categoriesStart, categoriesStart + categories.byteLength],
    },
  } satisfies CategoryBankHeader;
  const encoder = new TextEncoder();
  const text = encoder.encode(JSON.stringify(header));
  // Spaces up to a multiple of 8, so that values start aligned.
  const padding = encoder.encode(' '.repeat((8 - (text.length % 8)) % 8));
  const prefix = new Uint8Array(PREFIX_BYTES);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(text.length + padding.length), true);
  return joined([prefix, text, padding, bytesOf(descriptors), bytesOf(categories)]);
}

/** @throws DomainError UNAVAILABLE when the file is broken. */
export function readCategoryBank(bytes: Uint8Array): DescriptorBank {
  const header = readHeader(bytes);
  const values = bytes.subarray(header.valuesStart);
  const [images, size] = header.descriptors.shape;
  const descriptors = slice(values, header.descriptors.data_offsets, 2 * images * size);
  const categories = slice(values, header.categories.data_offsets, 4 * images);
  const indices = new Int32Array(categories);
  const names = namesOf(header);
  if (header.categories.shape[0] !== images || indices.some((index) => !(index in names)))
    throw broken('its categories are no indices of its names');
  return {
    names,
    categories: indices,
    descriptors: toFloats(new Uint16Array(descriptors)),
    size,
  };
}

function readHeader(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < PREFIX_BYTES ? 0 : Number(view.getBigUint64(0, true));
  const valuesStart = PREFIX_BYTES + length;
  if (length === 0 || valuesStart > bytes.length) throw broken('it has no whole header');
  try {
    const text = new TextDecoder().decode(bytes.subarray(PREFIX_BYTES, valuesStart));
    return { ...categoryBankHeaderSchema.parse(JSON.parse(text)), valuesStart };
  } catch (error) {
    throw broken('its header is another one', error);
  }
}

function namesOf({ __metadata__: { names } }: CategoryBankHeader): readonly string[] {
  const parsed: unknown = JSON.parse(names);
  if (Array.isArray(parsed) && parsed.every((name) => typeof name === 'string')) return parsed;
  throw broken('its names are no list of names');
}

/** A copy, so that it is aligned whatever the file's position in memory. */
function slice(
  values: Uint8Array,
  [start, end]: readonly [number, number],
  length: number,
): ArrayBuffer {
  if (end - start !== length || end > values.length) throw broken('its values are cut short');
  return Uint8Array.from(values.subarray(start, end)).buffer;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint16Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function broken(what: string, cause?: unknown): DomainError {
  return new DomainError('UNAVAILABLE', `${CATEGORY_BANK_FILE} can't be read: ${what}.`, {
    file: CATEGORY_BANK_FILE,
    fix: 'Put the file of the bundle back, or name the category with each image.',
    cause,
  });
}
