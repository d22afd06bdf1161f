/**
 * @file Scores an image with a bundle's `model.onnx` and onnxruntime-node alone: nothing of Plumbline is loaded.
 * Arguments: model, width, height, file with decoded RGB bytes. Prints `{ imageScore, mapShape }`.
 */
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [model, width, height, pixels] = process.argv.slice(2);
const session = await InferenceSession.create(model);
const image = new Tensor('uint8', new Uint8Array(readFileSync(pixels)), [
  1,
  Number(height),
  Number(width),
  3,
]);
const result = await session.run({ image });
console.log(
  JSON.stringify({ imageScore: result.image_score.data[0], mapShape: result.anomaly_map.dims }),
);
