import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { InspectRequest } from './inference-protocol.ts';
import { PixelMemory, RequestReader, writeRequest } from './request-pipe.ts';

function request(id: number, width: number): InspectRequest {
  const data = Uint8Array.from({ length: width * 3 }, (_, at) => at + id);
  return { type: 'map', id, width, height: 1, data, ignore: 2, decoder: 'mañana/normal.onnx' };
}

async function written(requests: readonly InspectRequest[]): Promise<Uint8Array> {
  const pipe = new PassThrough({ highWaterMark: 2 ** 20 });
  const sent = requests.map(
    (one) =>
      new Promise<void>((resolve, reject) =>
        writeRequest(pipe, one, (error) => (error ? reject(error) : resolve())),
      ),
  );
  await Promise.all(sent);
  return pipe.read() as Buffer;
}

test.each([1, 7, 8, 100, 2 ** 20])(
  'requests come as they were, however the pipe cuts them: %i bytes at a time',
  async (size) => {
    const requests = [request(1, 50), request(2, 1), request(3, 400)];
    const bytes = await written(requests);
    const taken: InspectRequest[] = [];
    const reader = new RequestReader(new PixelMemory(), (one) => taken.push(one));
    for (let at = 0; at < bytes.length; at += size) reader.take(bytes.slice(at, at + size));
    expect(taken).toEqual(requests);
  },
);

test('memory of answered images is used again, and never that of two at once', () => {
  const memory = new PixelMemory();
  const [first, second] = [memory.take(100), memory.take(100)];
  expect(first.buffer).not.toBe(second.buffer);
  memory.giveBack(first);
  const third = memory.take(60);
  expect(third.buffer).toBe(first.buffer);
  expect(third.length).toBe(60);
  expect(memory.take(60).buffer).not.toBe(first.buffer);
});

test('of memory that is given back the largest is kept, but for what is very large', () => {
  const memory = new PixelMemory();
  const given = [10, 30, 20, 64 * 2 ** 20].map((bytes) => memory.take(bytes));
  for (const one of given) memory.giveBack(one);
  expect([memory.take(1), memory.take(1), memory.take(1)].map(({ buffer }) => buffer)).toEqual([
    given[2]?.buffer,
    given[1]?.buffer,
    expect.not.objectContaining({ byteLength: 64 * 2 ** 20 }),
  ]);
});
