/** @file A thread that decodes images, draws heatmaps and reads tensors: seconds of work for a large one, in which the API answers others. */
import { parentPort, type TransferListItem } from 'node:worker_threads';
import { DomainError } from '@plumbline/contracts';
import { anomalyMask, renderHeatmap, renderPicture } from '@plumbline/data';
import { readInferRequest } from '../open-inference/infer-request.ts';
import { decodePicture, own } from './decode-picture.ts';
import type { PictureAnswer, PictureResults, PictureTask } from './picture-task.ts';

async function work(task: PictureTask): Promise<PictureResults[keyof PictureResults]> {
  if (task.kind === 'heatmap') return own(await renderHeatmap(...task.input));
  if (task.kind === 'mask') {
    const { png, share } = await anomalyMask(...task.input);
    return { png: own(png), share };
  }
  if (task.kind === 'picture') return own(await renderPicture(...task.input));
  if (task.kind === 'tensors') return readInferRequest(...task.input);
  const [bytes] = task.input;
  return { ...(await decodePicture(...task.input)), file: task.isMoved ? bytes : null };
}

function memoryOf(result: PictureResults[keyof PictureResults]): TransferListItem[] {
  if (result instanceof Uint8Array) return [result.buffer as ArrayBuffer];
  if ('png' in result) return [result.png.buffer as ArrayBuffer];
  if ('data' in result)
    return [result.data, result.file].flatMap((one) => one?.buffer ?? []) as ArrayBuffer[];
  const pixels = result.images.filter((image) => image.kind === 'pixels');
  return pixels.map(({ data }) => data.buffer as ArrayBuffer);
}

/** A large file that could not be decoded leaves with the answer: here V8 would look for its memory late. */
function fileOf(task: PictureTask): TransferListItem[] {
  return task.kind === 'decode' && task.isMoved ? [task.input[0].buffer as ArrayBuffer] : [];
}

parentPort?.on('message', (task: PictureTask) => {
  work(task).then(
    (result) => {
      const answer: PictureAnswer = { ok: true, result };
      parentPort?.postMessage(answer, memoryOf(result));
    },
    (error: unknown) => {
      const answer: PictureAnswer = {
        ok: false,
        error: error instanceof DomainError ? error.toBody() : null,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      };
      parentPort?.postMessage(answer, fileOf(task));
    },
  );
});
