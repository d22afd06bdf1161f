/** @file The page's end of the worker that runs a bundle. */
import { DomainError } from '@plumbline/contracts';
import type { FromWorker, LocalPrediction, LocalTarget, ToWorker } from './messages.ts';

interface Waiting {
  resolve(prediction: LocalPrediction): void;
  reject(error: DomainError): void;
}

export class LocalWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  /** @param onMessage What it says of loading. */
  constructor(target: LocalTarget, onMessage: (message: FromWorker) => void) {
    this.#worker = new Worker(new URL('./inspect.worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'inspected') this.#take(data.id)?.resolve(data.prediction);
      else if (data.kind === 'refused')
        this.#take(data.id)?.reject(DomainError.fromBody(data.error));
      else onMessage(data);
    });
    this.#worker.addEventListener('error', (event) => {
      const fix = 'Reload the page, or inspect on the server instead.';
      const reason = event.message || 'its script could not be loaded';
      const error = new DomainError('UNSUPPORTED', `The model stopped: ${reason}`, { fix });
      for (const id of this.#waiting.keys()) this.#take(id)?.reject(error);
      onMessage({ kind: 'failed', error: error.toBody() });
    });
    this.#post({ kind: 'load', target });
  }

  inspect(image: Blob, category: string | undefined): Promise<LocalPrediction> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ kind: 'inspect', id, image, category });
    });
  }

  /** Whatever it does ends with it, and its memory is given back. */
  end(): void {
    this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
