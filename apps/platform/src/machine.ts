/**
 * @file What this machine has to train with, and what can be added to it. Asked of a process of the trainer's: that
 * takes the model package and onnxruntime, and what is tried there may crash.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DomainError, type ErrorBody, type MachineReport } from '@plumbline/contracts';

type Answer<T> =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'done'; readonly result: T }
  | { readonly type: 'failed'; readonly error: ErrorBody };

/** Tries everything; takes some seconds. */
export function inspectMachine(): Promise<MachineReport> {
  return ask<MachineReport>('report-main.ts', () => {});
}

/** @throws DomainError when it can't be installed; nothing is half installed then. */
export async function installTfjsGpu(onProgress: (text: string) => void): Promise<void> {
  await ask('install-main.ts', onProgress);
}

function ask<T>(entry: string, onProgress: (text: string) => void): Promise<T> {
  const path = fileURLToPath(new URL(`../../trainer/src/machine/${entry}`, import.meta.url));
  const child = fork(path, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--import', import.meta.resolve('tsx')],
  });
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
