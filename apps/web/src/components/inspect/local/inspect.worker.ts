/** @file The worker that runs a bundle, so that the page stays alive while it computes; ending it cancels whatever it does. */
import { DomainError, type ErrorBody } from '@plumbline/contracts';
import { LocalInspector } from './local-inspector.ts';
import type { FromWorker, ToWorker } from './messages.ts';

let inspector: Promise<LocalInspector> | null = null;

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'load') {
    inspector = LocalInspector.load(data.target, (progress) =>
      tell({ kind: 'progress', progress }),
    );
    inspector.then(
      ({ provider }) => tell({ kind: 'ready', provider }),
      (error: unknown) => tell({ kind: 'failed', error: bodyOf(error) }),
    );
    return;
  }
  const { id, image, category } = data;
  inspector
    ?.then((loaded) => loaded.inspect(image, category))
    .then(
      (prediction) => tell({ kind: 'inspected', id, prediction }),
      (error: unknown) => tell({ kind: 'refused', id, error: bodyOf(error) }),
    );
});

function tell(message: FromWorker): void {
  self.postMessage(message);
}

function bodyOf(error: unknown): ErrorBody {
  if (error instanceof DomainError) return error.toBody();
  const message = error instanceof Error ? error.message : String(error);
  return new DomainError('INTERNAL', message, { fix: 'Inspect on the server instead.' }).toBody();
}
