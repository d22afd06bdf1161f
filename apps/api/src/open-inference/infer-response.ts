/** @file The answer of the Open Inference Protocol: tensors of a batch of inspections, as JSON or binary. */
import { DomainError } from '@plumbline/contracts';
import type { InspectionResult } from '@plumbline/runtime';
import type { Verdict } from '../inference/inspect-image.ts';
import type { InferRequest } from './infer-request.ts';

export const MAP = 'anomaly_map';

export interface Answered {
  readonly verdict: Verdict;
  readonly map: Pick<InspectionResult, 'anomalyMap' | 'mapHeight' | 'mapWidth'>;
}

type Datatype = 'FP32' | 'BOOL' | 'BYTES';

interface OutputTensor {
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Of FP32 and BOOL numbers. */
  readonly data: Float32Array | readonly boolean[] | readonly string[];
}

/** Name, type and shape (−1: any) of each output; the first axis is that of the images. */
export const OUTPUTS: Readonly<Record<string, { datatype: Datatype; shape: readonly number[] }>> = {
  image_score: { datatype: 'FP32', shape: [-1] },
  threshold: { datatype: 'FP32', shape: [-1] },
  anomalous: { datatype: 'BOOL', shape: [-1] },
  category: { datatype: 'BYTES', shape: [-1] },
  [MAP]: { datatype: 'FP32', shape: [-1, -1, -1] },
};

/** Those asked for; all when the request names none. @throws DomainError INVALID_INPUT for one that does not exist */
export function outputNames({ outputs }: InferRequest): string[] {
  const names = outputs?.map(({ name }) => name) ?? Object.keys(OUTPUTS);
  const unknown = names.find((name) => !Object.hasOwn(OUTPUTS, name));
  if (unknown === undefined) {
    // Each costs memory, and a name means one output.
    if (new Set(names).size === names.length) return names;
    throw new DomainError('INVALID_INPUT', 'An output is asked for twice.', {
      fix: 'Name each output once.',
      field: 'outputs',
    });
  }
  throw new DomainError('INVALID_INPUT', `There is no output "${unknown}".`, {
    fix: `Use some of ${Object.keys(OUTPUTS).join(', ')}.`,
    field: 'outputs',
  });
}

function tensorOf(name: string, answers: readonly Answered[]): OutputTensor {
  const shape = [answers.length];
  const { datatype } = OUTPUTS[name] as { datatype: Datatype };
  const numbers = (of: (answer: Answered) => number) => Float32Array.from(answers, of);
  if (name === 'image_score')
    return { datatype, shape, data: numbers(({ verdict }) => verdict.imageScore) };
  if (name === 'threshold')
    return { datatype, shape, data: numbers(({ verdict }) => verdict.threshold) };
  if (name === 'anomalous')
    return {
      ...{ datatype, shape },
      data: answers.map(({ verdict }) => verdict.predictedLabel === 'anomalous'),
    };
  if (name === 'category')
    return { datatype, shape, data: answers.map(({ verdict }) => verdict.category ?? '') };
  return { datatype, ...stackedMaps(answers) };
}

function stackedMaps(answers: readonly Answered[]): Pick<OutputTensor, 'shape' | 'data'> {
  const { mapHeight = 0, mapWidth = 0 } = answers[0]?.map ?? {};
  if (answers.some(({ map }) => map.mapHeight !== mapHeight || map.mapWidth !== mapWidth))
    throw new DomainError('INVALID_INPUT', 'The anomaly maps of these images differ in size.', {
      fix: `Send images of one size, or leave ${MAP} out of the outputs.`,
      field: 'outputs',
    });
  const size = mapHeight * mapWidth;
  const data = new Float32Array(answers.length * size);
  for (const [index, { map }] of answers.entries()) data.set(map.anomalyMap, index * size);
  return { shape: [answers.length, mapHeight, mapWidth], data };
}

export interface EncodedResponse {
  readonly body: Buffer;
  /** Of the JSON part; null when all of it is JSON. */
  readonly jsonBytes: number | null;
}

/** @throws DomainError INVALID_INPUT */
export function encodeResponse(
  request: InferRequest,
  answers: readonly Answered[],
): EncodedResponse {
  const binaryByDefault = request.parameters?.binary_data_output === true;
  const parts: Buffer[] = [];
  const outputs = outputNames(request).map((name) => {
    const { datatype, shape, data } = tensorOf(name, answers);
    const asked = request.outputs?.find((output) => output.name === name)?.parameters;
    if ((asked?.binary_data ?? binaryByDefault) !== true) {
      refuseLongJson(name, data.length);
      return { name, datatype, shape, data: Array.from<unknown>(data) };
    }
    const bytes = toBytes(datatype, data);
    parts.push(bytes);
    return { name, datatype, shape, parameters: { binary_data_size: bytes.length } };
  });
  const { model, modelVersion } = (answers[0] as Answered).verdict;
  const json = Buffer.from(
    JSON.stringify({
      model_name: model,
      model_version: String(modelVersion),
      ...(request.id === undefined ? {} : { id: request.id }),
      outputs,
    }),
  );
  if (parts.length === 0) return { body: json, jsonBytes: null };
  return { body: Buffer.concat([json, ...parts]), jsonBytes: json.length };
}

/** Writing more as text would hold up others. */
const MOST_JSON_NUMBERS = 2 ** 18;

function refuseLongJson(name: string, count: number): void {
  if (count <= MOST_JSON_NUMBERS) return;
  throw new DomainError('INVALID_INPUT', `The output "${name}" has ${count} numbers.`, {
    fix: 'Ask for it in binary ("parameters": {"binary_data": true}), leave it out of the outputs, or send fewer images.',
    field: 'outputs',
  });
}

/** Row by row, little-endian; elements of BYTES each after their length. */
function toBytes(datatype: Datatype, data: OutputTensor['data']): Buffer {
  // Little-endian, as all processors that Node runs on are.
  if (data instanceof Float32Array)
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (datatype === 'BOOL') return Buffer.from(data.map((one) => (one === true ? 1 : 0)));
  const elements = data.map((text) => Buffer.from(String(text)));
  return Buffer.concat(
    elements.flatMap((element) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(element.length);
      return [length, element];
    }),
  );
}
