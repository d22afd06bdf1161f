/**
 * @file What this machine has to train with, and what can be added to it. Asked of a process of the trainer's: that
 * takes the model package and onnxruntime, and what is tried there may crash.
 */
import { DomainError, type ErrorBody, type MachineReport } from '@plumbline/contracts';
import { type Entry, forkEntry } from './fork-entry.ts';

type Answer<T> =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'done'; readonly result: T }
  | { readonly type: 'failed'; readonly error: ErrorBody };

/** Tries everything; takes some seconds. */
export function inspectMachine(): Promise<MachineReport> {
  return ask<MachineReport>('@plumbline/trainer/report-machine', () => {});
}

/** @throws DomainError when it can't be installed; nothing is half installed then. */
export async function installTfjsGpu(onProgress: (text: string) => void): Promise<void> {
  await ask('@plumbline/trainer/install-tfjs-gpu', onProgress);
}

function ask<T>(entry: Entry, onProgress: (text: string) => void): Promise<T> {
  const child = forkEntry(entry, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.on('message', (answer: Answer<T>) => {
      if (answer.type === 'progress') onProgress(answer.text);
      else if (answer.type === 'done') resolve(answer.result);
      else reject(DomainError.fromBody(answer.error));
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      // After an answer the promise is settled, and this has no effect.
      reject(
        new DomainError('UNAVAILABLE', `Looking at this machine ended with ${signal ?? code}.`, {
          fix: 'Run "npm install" again.',
        }),
      );
    });
  });
}
