/** @file Has a backbone file looked at in a process of its own: that takes the model package and onnxruntime. */
import { type BackboneInspection, DomainError, type ErrorBody } from '@plumbline/contracts';
import { forkEntry } from './fork-entry.ts';

type Outcome =
  | { readonly type: 'inspected'; readonly inspection: BackboneInspection }
  | { readonly type: 'failed'; readonly error: ErrorBody };

/**
 * @param imageSizePx Side of the images that an ONNX file is tried on.
 * @throws DomainError when the file is no usable backbone.
 */
export function inspectBackbone(path: string, imageSizePx: number): Promise<BackboneInspection> {
  const child = forkEntry('@plumbline/trainer/inspect-backbone', [path, String(imageSizePx)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.on('message', (outcome: Outcome) => {
      if (outcome.type === 'inspected') resolve(outcome.inspection);
      else reject(DomainError.fromBody(outcome.error));
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      // After a message the promise is settled, and this has no effect.
      reject(
        new DomainError('UNAVAILABLE', `Looking at "${path}" ended with code ${code}.`, {
          file: path,
          fix: 'Often the machine has too little memory for the file.',
        }),
      );
    });
  });
}
