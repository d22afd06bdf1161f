/**
 * @file A request of the Open Inference Protocol, version 2 (KServe; "Predict Protocol", inference request object, and its
 * binary tensor data extension), and the images in it.
 */
import { DomainError } from '@plumbline/contracts';
import { z } from 'zod';
import { describeInputIssues } from '../errors/describe-input-issues.ts';

/** Images in one request. */
export const MAX_BATCH = 16;
export const INPUT = 'image';

/** Others that clients send say nothing here, and are left out. */
const inputTensor = z.object({
  name: z.string(),
  shape: z.array(z.number().int().positive()).min(1).max(4),
  datatype: z.string(),
  parameters: z
    .object({ content_type: z.string(), binary_data_size: z.number().int().nonnegative() })
    .partial()
    .optional(),
  data: z.unknown().optional(),
});
type InputTensor = z.infer<typeof inputTensor>;

const outputRequest = z.object({
  name: z.string(),
  parameters: z.object({ binary_data: z.boolean() }).partial().optional(),
});

/** The request without its inputs. */
const askedSchema = z.object({
  id: z.string().optional(),
  parameters: z
    .object({ category: z.string().min(1), binary_data_output: z.boolean() })
    .partial()
    .optional(),
  outputs: z.array(outputRequest).max(16).optional(),
});
export type InferRequest = z.infer<typeof askedSchema>;
export const inferRequestSchema = askedSchema.extend({ inputs: z.array(inputTensor).min(1) });

/** The pixels of an image, or the bytes of its file. */
export type GivenImage =
  | {
      readonly kind: 'pixels';
      readonly width: number;
      readonly height: number;
      readonly data: Uint8Array;
    }
  | { readonly kind: 'file'; readonly bytes: Uint8Array };

export interface ReadRequest {
  readonly request: InferRequest;
  /** At least one. */
  readonly images: GivenImage[];
}

/**
 * Takes as long as its JSON is: 8 MB of pixels about half a second.
 * @param jsonBytes Length of the JSON part, the header `Inference-Header-Content-Length`; undefined when all of it is JSON
 * @throws DomainError INVALID_INPUT
 */
export function readInferRequest(body: Uint8Array, jsonBytes: number | undefined): ReadRequest {
  const length = jsonBytes ?? body.length;
  if (!Number.isInteger(length) || length < 0 || length > body.length)
    throw invalid('Inference-Header-Content-Length is not the length of the JSON in the body.');
  const { success, data, error } = inferRequestSchema.safeParse(jsonOf(body.subarray(0, length)));
  if (!success) throw DomainError.fromBody(describeInputIssues(error.issues));
  const { inputs, ...request } = data;
  const [tensor, ...others] = inputs;
  if (tensor === undefined || tensor.name !== INPUT || others.length > 0)
    throw invalid(`There are ${inputs.length} inputs, the first of which is "${tensor?.name}".`, {
      fix: `Give one input, "${INPUT}": UINT8 [n, height, width, 3] with the pixels, or BYTES [n] with the files.`,
    });
  return { request, images: imagesOf(tensor, body.subarray(length)) };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalid('The request is no JSON.', {
      fix: 'With binary tensors, give the length of the JSON in the header Inference-Header-Content-Length.',
    });
  }
}

function imagesOf(tensor: InputTensor, binary: Uint8Array): GivenImage[] {
  const [count = 0, ...rest] = tensor.shape;
  if (count > MAX_BATCH)
    throw invalid(`The request has ${count} images; at most ${MAX_BATCH} are taken at once.`);
  if (tensor.datatype === 'BYTES') {
    if (rest.length > 0) throw wrongShape(tensor, '[n]');
    return filesOf(tensor, count, rawOf(tensor, binary));
  }
  const [height = 0, width = 0, channels] = rest;
  if (tensor.datatype !== 'UINT8' || rest.length !== 3 || channels !== 3)
    throw wrongShape(tensor, '[n, height, width, 3] of UINT8, or [n] of BYTES');
  const size = height * width * 3;
  const data = rawOf(tensor, binary) ?? pixelsOf(tensor, count * size);
  if (data.length !== count * size)
    throw invalid(`The tensor has ${data.length} numbers, where its shape says ${count * size}.`);
  return Array.from({ length: count }, (_, image) => ({
    ...{ kind: 'pixels' as const, width, height },
    data: data.slice(image * size, (image + 1) * size),
  }));
}

/** Its part of what follows the JSON; null when the JSON has its data. */
function rawOf({ parameters: given }: InputTensor, binary: Uint8Array): Uint8Array | null {
  const size = given?.binary_data_size;
  if (size === undefined) {
    if (binary.length > 0) throw invalid('No input says its binary_data_size.');
    return null;
  }
  if (size !== binary.length)
    throw invalid(`The input says ${size} binary bytes, and ${binary.length} follow the JSON.`);
  return binary;
}

/** Flat, or nested as the shape has it. */
function pixelsOf({ data }: InputTensor, count: number): Uint8Array {
  const values = Array.isArray(data) ? (data.flat(3) as unknown[]) : [];
  if (values.length !== count)
    throw invalid(`The tensor has ${values.length} numbers, where its shape says ${count}.`);
  const wrong = values.find((value) => !isByte(value));
  if (wrong !== undefined)
    throw invalid(`A value is ${shown(wrong)}; pixels are whole numbers from 0 to 255.`);
  return Uint8Array.from(values as number[]);
}

/** Not what a value consists of: nested deeply enough, it can't even be written. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value).slice(0, 40);
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}

function filesOf(tensor: InputTensor, count: number, raw: Uint8Array | null): GivenImage[] {
  const files = raw === null ? base64Files(tensor) : lengthPrefixed(raw);
  if (files.length !== count)
    throw invalid(`The tensor has ${files.length} elements, where its shape says ${count}.`);
  return files.map((bytes) => ({ kind: 'file', bytes }));
}

function base64Files({ data, parameters: given }: InputTensor): Uint8Array[] {
  const texts = z.array(z.string()).safeParse(data);
  if (!texts.success || given?.content_type !== 'base64')
    throw invalid('Files in JSON are strings in base64.', {
      fix: 'Add "parameters": {"content_type": "base64"} to the input, or send binary tensors.',
    });
  return texts.data.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
}

/** Each element after its length, four bytes, little-endian. */
function lengthPrefixed(raw: Uint8Array): Uint8Array[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const elements: Uint8Array[] = [];
  for (let at = 0; at < raw.length; ) {
    const end = at + 4 <= raw.length ? at + 4 + view.getUint32(at, true) : Number.NaN;
    if (!(end <= raw.length))
      throw invalid('An element of the BYTES tensor is longer than what follows the JSON.');
    elements.push(raw.slice(at + 4, end));
    at = end;
  }
  return elements;
}

function wrongShape({ shape, datatype }: InputTensor, wanted: string): DomainError {
  return invalid(`The input "${INPUT}" is ${datatype} [${shape.join(', ')}].`, {
    fix: `Give it as ${wanted}.`,
  });
}

function invalid(message: string, context: { readonly fix?: string } = {}): DomainError {
  return new DomainError('INVALID_INPUT', message, { ...context, field: 'inputs' });
}
