/** @file A few threads for work with pixels, started when first needed; each has one piece of work at a time. */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { DomainError } from '@plumbline/contracts';
import { plainPngSize } from '@plumbline/data';
import { startTypeScriptThread } from '@plumbline/runtime';
import { WorkGate } from '../work-gate.ts';
import { decodePicture } from './decode-picture.ts';
import { ownsMemory } from './owns-memory.ts';
import type {
  DecodedFile,
  PictureAnswer,
  PictureKind,
  PictureResults,
  PictureTask,
  PictureWork,
} from './picture-task.ts';

const ENTRY = new URL('./picture-thread.ts', import.meta.url);
/** For one piece: the largest heatmap takes a tenth of it. */
const TASK_MS = 60_000;
/** Smaller ones may share their memory with others (Node's buffer pool) and are copied. */
const MOVED_BYTES = 2 ** 20;
/** Of those that are decoded without a thread of these: what JavaScript does with their pixels takes half a millisecond. */
const LIGHT_PIXELS = 1e6;

export class PictureThreads {
  readonly #gate = new WorkGate({
    places: Math.min(4, Math.max(2, availableParallelism())),
    waitMs: TASK_MS,
  });
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  /** Takes a large file with it, and gives it back beside the pixels. @throws as `decodeImage` */
  async decode(...input: PictureWork['decode']['input']): Promise<DecodedFile> {
    const [bytes] = input;
    if (isLight(bytes)) return { ...(await decodePicture(...input)), file: bytes };
    const moved = isMovable(bytes) ? [bytes.buffer] : [];
    const task = { kind: 'decode', input, isMoved: moved.length > 0 } as const;
    const image = await this.#run('decode', task, moved);
    return { ...image, file: image.file ?? bytes };
  }

  /** Takes the pixels of the image with it: they can't be used afterwards. */
  heatmap(...input: PictureWork['heatmap']['input']): Promise<Uint8Array> {
    const [{ image, ...painted }] = input;
    const { width, height, data } = image;
    const own: PictureWork['heatmap']['input'] = [{ ...painted, image: { width, height, data } }];
    const task = { kind: 'heatmap', input: own } as const;
    return this.#run('heatmap', task, isMovable(data) ? [data.buffer] : []);
  }

  mask(...input: PictureWork['mask']['input']): Promise<PictureResults['mask']> {
    return this.#run('mask', { kind: 'mask', input }, []);
  }

  picture(...input: PictureWork['picture']['input']): Promise<Uint8Array> {
    return this.#run('picture', { kind: 'picture', input }, []);
  }

  /** A long request of the Open Inference Protocol. Takes the body with it. @throws as `readInferRequest` */
  tensors(...input: PictureWork['tensors']['input']) {
    const [body] = input;
    return this.#run('tensors', { kind: 'tensors', input }, isMovable(body) ? [body.buffer] : []);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#all].map((thread) => thread.terminate()));
  }

  #run<Kind extends PictureKind>(
    _kind: Kind,
    task: PictureTask,
    moved: ArrayBuffer[],
  ): Promise<PictureResults[Kind]> {
    return this.#gate.run(async () => {
      const thread = this.#idle.pop() ?? this.#start();
      const result = await ask(thread, task, moved);
      return result as PictureResults[Kind];
    });
  }

  #start(): Worker {
    const thread = startTypeScriptThread(ENTRY);
    thread.unref();
    this.#all.add(thread);
    // Without a listener a failure in the thread would end this process.
    thread.on('error', (error) => console.error('A thread for pictures ended:', error));
    thread.on('exit', () => {
      this.#all.delete(thread);
      const index = this.#idle.indexOf(thread);
      if (index >= 0) this.#idle.splice(index, 1);
    });
    thread.on('message', () => this.#idle.push(thread));
    return thread;
  }
}

/** A small file that the decoder's own threads read by themselves: the way to a thread of these would take longer. */
function isLight(bytes: Uint8Array): boolean {
  const size = bytes.length < MOVED_BYTES ? plainPngSize(bytes) : null;
  return size !== null && size.width * size.height <= LIGHT_PIXELS;
}

function isMovable(data: Uint8Array): data is Uint8Array<ArrayBuffer> {
  return data.byteLength >= MOVED_BYTES && ownsMemory(data);
}

function ask(thread: Worker, task: PictureTask, moved: ArrayBuffer[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const lost = (reason: string) => () => {
      settle(() =>
        reject(
          new DomainError('UNAVAILABLE', `The image can't be processed: its thread ${reason}.`, {
            fix: 'Send the request again; if it fails again, send a smaller image.',
          }),
        ),
      );
      void thread.terminate();
    };
    const timer = setTimeout(lost(`took longer than ${TASK_MS / 1000} s`), TASK_MS);
    const onEnd = lost('has ended');
    const settle = (end: () => void) => {
      clearTimeout(timer);
      thread.off('exit', onEnd);
      end();
    };
    thread.once('exit', onEnd);
    thread.once('message', (answer: PictureAnswer) =>
      settle(() => {
        if (answer.ok) resolve(answer.result);
        else if (answer.error !== null) reject(DomainError.fromBody(answer.error));
        else reject(new Error(answer.message));
      }),
    );
    thread.postMessage(task, moved);
  });
}
