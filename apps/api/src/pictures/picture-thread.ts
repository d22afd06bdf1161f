/** @file A thread that decodes images and draws heatmaps: seconds of work for a large one, in which the API answers others. */
import { parentPort, type TransferListItem } from 'node:worker_threads';
import { DomainError } from '@plumbline/contracts';
import { decodeImage, renderHeatmap, renderPicture, requirePixelsWithin } from '@plumbline/data';
import type { PictureAnswer, PictureResults, PictureTask } from './picture-task.ts';

async function work(task: PictureTask): Promise<PictureResults[keyof PictureResults]> {
  if (task.kind === 'heatmap') return own(await renderHeatmap(...task.input));
  if (task.kind === 'picture') return own(await renderPicture(...task.input));
  const [bytes, file] = task.input;
  if (task.limit !== undefined) await requirePixelsWithin(bytes, file, task.limit);
  const image = await decodeImage(...task.input);
  return { ...image, data: own(image.data) };
}

/** In memory of its own, which can go to the other thread without another copy there. */
function own(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

function memoryOf(result: PictureResults[keyof PictureResults]): TransferListItem[] {
  const { buffer } = result instanceof Uint8Array ? result : result.data;
  return [buffer as ArrayBuffer];
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
      parentPort?.postMessage(answer);
    },
  );
});
