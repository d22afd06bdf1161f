/** @file How a process that was started for one question answers it. */
import { type ErrorBody, toErrorBody } from '@plumbline/contracts';

export type Answer<T> =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'done'; readonly result: T }
  | { readonly type: 'failed'; readonly error: ErrorBody };

/** Sends what `work` gives, or its error, then ends the process. The signal is raised when the parent is gone. */
export async function answerParent<T>(
  work: (progress: (text: string) => void, signal: AbortSignal) => Promise<T>,
): Promise<void> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, stop);
  const send = (answer: Answer<T>, after = () => {}) => {
    if (process.connected) process.send?.(answer, undefined, undefined, after);
    else after();
  };
  const answer = await work((text) => send({ type: 'progress', text }), abort.signal).then(
    (result): Answer<T> => ({ type: 'done', result }),
    (error: unknown): Answer<T> => ({ type: 'failed', error: toErrorBody(error) }),
  );
  send(answer, () => process.exit(0));
}
