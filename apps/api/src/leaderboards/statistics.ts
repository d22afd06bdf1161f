/**
 * @file Tie groups and the paired test over the image scores of model versions. Small ones are computed at once; large
 * ones in a process of their own, so that the API goes on answering. Answers are kept, since scores never change.
 */
import { DomainError, type ImageResult } from '@plumbline/contracts';
import {
  type PairedTestResult,
  pairedImageAurocTest,
  type TieGroupRank,
  type TieGroupRow,
  tieGroups,
} from '@plumbline/eval';
import { BOOT_MS, forkTypeScript, HEARTBEAT_FORK, watchHeartbeat } from '@plumbline/runtime';

/** Image scores in all: about a quarter of a second. */
const AT_ONCE = 20_000;
const KEPT = 200;
/** A process that computes has a heartbeat all the same; one that was stopped has none. */
const SILENCE_MS = 5_000;

export type StatisticsTask =
  | { readonly kind: 'ties'; readonly rows: readonly TieGroupRow[] }
  | { readonly kind: 'pair'; readonly a: ImageResult[]; readonly b: ImageResult[] };

/** What the process of its own answers. */
export type StatisticsAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly message: string };

const answers = new Map<string, Promise<unknown>>();

/** @param key names the rows' contents */
export function rankByTieGroups(key: string, rows: TieGroupRow[]): Promise<TieGroupRank[]> {
  const images = rows.flatMap((row) => row.runs).reduce((sum, run) => sum + run.length, 0);
  return remember(`ties ${key}`, () => compute<TieGroupRank[]>({ kind: 'ties', rows }, images));
}

export function testPaired(
  key: string,
  a: ImageResult[],
  b: ImageResult[],
): Promise<PairedTestResult> {
  return remember(`pair ${key}`, () =>
    compute<PairedTestResult>({ kind: 'pair', a, b }, a.length + b.length),
  );
}

export function runStatistics(task: StatisticsTask): unknown {
  return task.kind === 'ties' ? tieGroups(task.rows) : pairedImageAurocTest(task.a, task.b);
}

function remember<T>(key: string, make: () => Promise<T>): Promise<T> {
  const known = answers.get(key) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const made = make();
  answers.set(key, made);
  made.catch(() => answers.delete(key));
  const [oldest] = answers.keys();
  if (answers.size > KEPT && oldest !== undefined) answers.delete(oldest);
  return made;
}

async function compute<T>(task: StatisticsTask, images: number): Promise<T> {
  if (images <= AT_ONCE) return runStatistics(task) as T;
  const child = forkTypeScript(
    new URL('./statistics-child.ts', import.meta.url),
    [],
    HEARTBEAT_FORK,
  );
  return new Promise<T>((resolve, reject) => {
    child.once('message', (answer: StatisticsAnswer) => {
      if (answer.ok) resolve(answer.result as T);
      else reject(new Error(answer.message));
    });
    const lose = (reason: string) => {
      reject(
        new DomainError('UNAVAILABLE', `The process that compares the versions ${reason}.`, {
          fix: 'Ask again: a new process will be started.',
        }),
      );
      child.kill('SIGKILL');
    };
    child.on('error', (error) => lose(`can't be reached: ${error.message}`));
    child.once('exit', () => lose('ended without an answer'));
    watchHeartbeat(child, { silenceMs: SILENCE_MS, firstMs: BOOT_MS }, () => lose('has stopped'));
    child.send(task);
  });
}
