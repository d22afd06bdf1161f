/** @file Conformance to the Open Inference Protocol, version 2, as its specification has it: REST, and binary tensor data. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { MAX_BATCH } from './infer-request.ts';

const SIDE = 32;
const LENGTH = 'Inference-Header-Content-Length';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts', graph: 'brightness' });
});
afterAll(() => platform?.stop());

interface ModelMetadata {
  readonly outputs: readonly { readonly name: string }[];
}

const get = async (path: string) => {
  const response = await fetch(`${platform.url}/v2${path}`);
  return { status: response.status, body: (await response.json()) as ModelMetadata };
};

/** @param binary What follows the JSON. */
async function infer(request: unknown, binary?: Uint8Array, path = '/models/parts-rlr/infer') {
  const json = Buffer.from(typeof request === 'string' ? request : JSON.stringify(request));
  const response = await fetch(`${platform.url}/v2${path}`, {
    method: 'POST',
    headers:
      binary === undefined
        ? { 'content-type': 'application/json' }
        : { 'content-type': 'application/octet-stream', [LENGTH]: String(json.length) },
    body: binary === undefined ? json : Buffer.concat([json, binary]),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const jsonBytes = Number(response.headers.get(LENGTH) ?? bytes.length);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: JSON.parse(bytes.subarray(0, jsonBytes).toString()),
    binary: bytes.subarray(jsonBytes),
  };
}

const gray = (level: number, count = 1) => new Uint8Array(count * SIDE * SIDE * 3).fill(level);
const tensor = (level: number) => ({
  ...{ name: 'image', datatype: 'UINT8', shape: [1, SIDE, SIDE, 3] },
  data: Array.from(gray(level)),
});
const binaryTensor = (size: number, count = 1) => ({
  ...{ name: 'image', datatype: 'UINT8', shape: [count, SIDE, SIDE, 3] },
  parameters: { binary_data_size: size },
});
const outputs = (...names: string[]) => names.map((name) => ({ name }));

describe('health and metadata', () => {
  it('live, ready, and of the server', async () => {
    expect(await get('/health/live')).toEqual({ status: 200, body: { live: true } });
    expect(await get('/health/ready')).toEqual({ status: 200, body: { ready: true } });
    expect(await get('')).toMatchObject({
      status: 200,
      body: { name: 'plumbline', version: expect.any(String), extensions: ['binary_tensor_data'] },
    });
  });

  it('of a model and of a version', async () => {
    for (const path of ['/models/parts-rlr', '/models/parts-rlr/versions/1']) {
      expect(await get(`${path}/ready`)).toMatchObject({
        ...{ status: 200, body: { name: 'parts-rlr', ready: true } },
      });
      const { body } = await get(path);
      expect(body).toMatchObject({
        ...{ name: 'parts-rlr', versions: ['1'], platform: 'onnxruntime_onnx' },
        inputs: [{ name: 'image', datatype: 'UINT8', shape: [-1, -1, -1, 3] }],
      });
      expect(body.outputs.map(({ name }) => name)).toContain('anomaly_map');
    }
    for (const path of ['/models/none', '/models/none/ready', '/models/parts-rlr/versions/9'])
      expect(await get(path)).toEqual({
        status: 404,
        body: { error: expect.any(String), code: 'NOT_FOUND' },
      });
  });
});

describe('infer', () => {
  it('gives all outputs when none is named, and the id back', async () => {
    const { status, body } = await infer({ id: 'a1', inputs: [tensor(204)] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ model_name: 'parts-rlr', model_version: '1', id: 'a1' });
    const by = Object.fromEntries(body.outputs.map((one: { name: string }) => [one.name, one]));
    expect(by).toMatchObject({
      image_score: { datatype: 'FP32', shape: [1], data: [expect.closeTo(0.8, 3)] },
      threshold: { datatype: 'FP32', shape: [1], data: [0.75] },
      anomalous: { datatype: 'BOOL', shape: [1], data: [true] },
      category: { datatype: 'BYTES', shape: [1], data: ['part'] },
      anomaly_map: { datatype: 'FP32', shape: [1, expect.any(Number), expect.any(Number)] },
    });
    const { shape, data } = by['anomaly_map'];
    expect(data).toHaveLength(shape[1] * shape[2]);
  });

  it('takes the same image as JSON, flat or nested, as binary tensor and as file, with one score', async () => {
    const png = await grayPng(51, { spot: 153 });
    const { body: expected } = await (async () => {
      const response = await fetch(`${platform.url}/v1/models/parts-rlr/predict`, {
        ...{ method: 'POST', headers: { 'content-type': 'image/png' }, body: Buffer.from(png) },
      });
      return { body: (await response.json()) as { imageScore: number } };
    })();
    const file = { name: 'image', datatype: 'BYTES', shape: [1] };
    const length = Buffer.alloc(4);
    length.writeUInt32LE(png.length);
    const raw = Buffer.concat([length, png]);
    const asBase64 = {
      ...{ ...file, parameters: { content_type: 'base64' } },
      data: [Buffer.from(png).toString('base64')],
    };
    const asked = { outputs: outputs('image_score') };
    const answers = [
      await infer({ ...asked, inputs: [asBase64] }),
      await infer(
        { ...asked, inputs: [{ ...file, parameters: { binary_data_size: raw.length } }] },
        raw,
      ),
    ];
    for (const { body } of answers)
      expect(body.outputs).toEqual([
        {
          name: 'image_score',
          datatype: 'FP32',
          shape: [1],
          data: [expect.closeTo(expected.imageScore, 6)],
        },
      ]);
    const flat = await infer({ ...asked, inputs: [tensor(80)] });
    const nested = { ...tensor(80), data: [Array(SIDE).fill(Array(SIDE).fill([80, 80, 80]))] };
    const binary = await infer({ ...asked, inputs: [binaryTensor(gray(80).length)] }, gray(80));
    expect((await infer({ ...asked, inputs: [nested] })).body).toEqual(flat.body);
    expect(binary.body).toEqual(flat.body);
  });

  it('reads long JSON while the event loop answers others, and refuses what is longer', async () => {
    const side = 600;
    const shape = [1, side, side, 3];
    const data = new Array(side * side * 3).fill(204);
    const long = { outputs: outputs('image_score'), inputs: [{ ...tensor(204), shape, data }] };
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const json = JSON.stringify({
      ...long,
      inputs: [{ ...long.inputs[0], data: data.map(String) }],
    });
    // The thread is up.
    expect((await infer(long)).body.outputs[0].data).toEqual([expect.closeTo(0.8, 3)]);
    delay.enable();
    const start = performance.now();
    const { status, body } = await infer(json);
    delay.disable();
    const [elapsedMs, heldUpMs] = [performance.now() - start, delay.max / 1e6];
    expect([json.length > 6e6, status, body.code]).toEqual([true, 400, 'INVALID_INPUT']);
    expect(heldUpMs, `of ${elapsedMs} ms`).toBeLessThan(elapsedMs / 2);
    const longer = await infer(`${json}${' '.repeat(8e6 - json.length + 1)}`);
    expect([longer.status, longer.body]).toEqual([
      413,
      { code: 'TOO_LARGE', error: expect.stringMatching(/binary tensor.*binary_data_size/) },
    ]);
  });

  it('looks at no label: Triton’s client sends none', async () => {
    const body = Buffer.from(JSON.stringify({ inputs: [tensor(80)] }));
    const response = await fetch(`${platform.url}/v2/models/parts-rlr/infer`, {
      ...{ method: 'POST', body },
    });
    expect([response.headers.get('content-type'), response.status]).toEqual([
      ...['application/json', 200],
    ]);
  });

  it('gives a batch in its order, in binary where that is asked for, output by output or all', async () => {
    const pixels = Buffer.concat([gray(51), gray(204), gray(102)]);
    const inputs = [binaryTensor(pixels.length, 3)];
    const one = await infer(
      {
        inputs,
        outputs: [
          { name: 'image_score', parameters: { binary_data: true } },
          { name: 'anomalous' },
          { name: 'category', parameters: { binary_data: true } },
        ],
      },
      pixels,
    );
    expect(one).toMatchObject({ status: 200, type: 'application/octet-stream' });
    expect(one.body.outputs).toEqual([
      ...[
        { name: 'image_score', datatype: 'FP32', shape: [3], parameters: { binary_data_size: 12 } },
      ],
      ...[{ name: 'anomalous', datatype: 'BOOL', shape: [3], data: [false, true, false] }],
      ...[
        { name: 'category', datatype: 'BYTES', shape: [3], parameters: { binary_data_size: 24 } },
      ],
    ]);
    expect([0, 4, 8].map((at) => one.binary.readFloatLE(at))).toEqual([
      ...[0.2, 0.8, 0.4].map((score) => expect.closeTo(score, 3)),
    ]);
    expect(one.binary.subarray(16, 20).toString()).toBe('part');
    const all = await infer({ inputs, parameters: { binary_data_output: true } }, pixels);
    const sizes = all.body.outputs.map(
      (output: { parameters: { binary_data_size: number } }) => output.parameters.binary_data_size,
    );
    expect(all.binary).toHaveLength(sizes.reduce((sum: number, size: number) => sum + size, 0));
  });

  it('refuses what it can’t take with a 4xx status and an error in words', async () => {
    const { data: _, ...empty } = tensor(1);
    const image = tensor(1);
    const file = { name: 'image', datatype: 'BYTES', parameters: { content_type: 'base64' } };
    const refused: [unknown, Uint8Array?][] = [
      ['{"inputs": ['],
      [{ inputs: [] }],
      [{ inputs: [{ ...image, name: 'x' }] }],
      [{ inputs: [image, image] }],
      [{ inputs: [{ ...image, datatype: 'FP32' }] }],
      [{ inputs: [{ ...image, shape: [1, 3, SIDE, SIDE] }] }],
      [{ inputs: [{ ...image, shape: [1, -1, SIDE, 3] }] }],
      [{ inputs: [{ ...image, shape: [2, SIDE, SIDE, 3] }] }],
      [{ inputs: [{ ...image, data: [...image.data.slice(1), 256] }] }],
      [{ inputs: [{ ...image, data: 'x' }] }],
      [{ inputs: [empty] }],
      [{ inputs: [image], outputs: outputs('constructor') }],
      [{ inputs: [image], outputs: outputs('anomaly_map', 'anomaly_map') }],
      [`{"inputs":[${JSON.stringify(image).slice(0, -2)},${'['.repeat(1e5)}${']'.repeat(1e5)}]}]}`],
      [{ inputs: [{ ...file, shape: [], data: [] }] }],
      [{ inputs: [image], parameters: { category: 'screw' } }],
      [{ inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: ['x'] }] }],
      [{ inputs: [binaryTensor(9)] }, gray(1)],
      [{ inputs: [image] }, gray(1)],
      [
        { inputs: [{ ...binaryTensor(6), datatype: 'BYTES', shape: [1] }] },
        Uint8Array.from([255, 255, 255, 255, 1, 2]),
      ],
      [{ inputs: [{ ...image, shape: [MAX_BATCH + 1, SIDE, SIDE, 3] }] }],
    ];
    for (const [request, binary] of refused) {
      const { status, body } = await infer(request, binary);
      expect({ request: JSON.stringify(request).slice(0, 150), status }).toMatchObject({
        status: 400,
      });
      expect(body).toEqual({ error: expect.stringMatching(/\w \w/), code: 'INVALID_INPUT' });
    }
    expect((await infer({ inputs: [image] }, undefined, '/models/none/infer')).status).toBe(404);
  });
});
