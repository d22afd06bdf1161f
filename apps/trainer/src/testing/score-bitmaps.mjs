/**
 * @file Image scores of 24-bit BMP files by a model.onnx, as JSON: what somebody else's program does with a bundle. Loads
 * onnxruntime and nothing else. Usage: [IGNORE=n] node score-bitmaps.mjs model.onnx image.bmp …, where n is whose ignore
 * regions a model that has such an input leaves out.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { InferenceSession, Tensor } = createRequire(
  new URL('../../../../packages/runtime/package.json', import.meta.url),
)('onnxruntime-node');

const [model, ...images] = process.argv.slice(2);
const ignore = process.env.IGNORE;
const session = await InferenceSession.create(model);
const scores = [];
for (const image of images) {
  const bytes = readFileSync(image);
  const [width, height] = [bytes.readInt32LE(18), bytes.readInt32LE(22)];
  const rgb = new Uint8Array(height * width * 3);
  const stored = bytes.subarray(bytes.readUInt32LE(10));
  for (let i = 0; i < height * width; i++) {
    // BMP has the last row first, and blue first.
    const from = 3 * ((height - 1 - Math.floor(i / width)) * width + (i % width));
    rgb.set([stored[from + 2], stored[from + 1], stored[from]], 3 * i);
  }
  const result = await session.run({
    image: new Tensor('uint8', rgb, [1, height, width, 3]),
    ...(ignore === undefined ? {} : { ignore: new Tensor('int64', [BigInt(ignore)], [1]) }),
  });
  scores.push(result.image_score.data[0]);
}
process.stdout.write(JSON.stringify(scores));
