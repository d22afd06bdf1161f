/**
 * @file The whole path on a platform of its own, by the command `plumb` and the API as people use them: import, runs of
 * a method with two seeds, leaderboard, and the lists that the dashboard asks for.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Run, type RunStage, runSchema } from '@plumbline/contracts';
import type { TestPlatform } from '../../e2e/support/platform.ts';
import type { Measured } from '../results-file.ts';
import { residentMbBelow } from './process-memory.ts';

const POLL_MS = 400;
/** In the command line of the process that trains. */
const TRAINING = 'training-child';
/** And of the trainer, which imports. */
const TRAINER = 'trainer/src/main';

/** Imports a folder. @returns Seconds, and the peak memory of the trainer. */
export async function measureImport(
  platform: TestPlatform,
  folder: string,
  name: string,
): Promise<Measured> {
  await platform.run('up', '--no-web');
  const { pid } = await platform.record();
  const started = performance.now();
  let peakMb = 0;
  let done = false;
  const importing = platform.json('datasets', 'import', folder, '--name', name).finally(() => {
    done = true;
  });
  while (!done) {
    peakMb = Math.max(peakMb, residentMbBelow(pid, TRAINER) ?? 0);
    await Promise.race([sleep(POLL_MS), importing.catch(() => {})]);
  }
  await importing;
  return { seconds: secondsSince(started), peakMb };
}

interface TrainingOptions {
  readonly dataset: string;
  readonly method: string;
  readonly backbone: string;
  readonly seed: number;
}

/** Trains to the end. @returns Seconds and peak memory of each stage, and what training saw of the images. */
export async function measureTraining(
  platform: TestPlatform,
  { dataset, method, backbone, seed }: TrainingOptions,
): Promise<Measured> {
  const model = `${method}-scale`;
  const given = ['--dataset', dataset, '--method', method, '--backbone', backbone];
  const queued = await platform.json<{ id: string }>(
    ...['train', ...given, '--model', model, '--seed', String(seed)],
  );
  const { pid, apiUrl } = await platform.record();
  const runOf = async () =>
    runSchema.parse(await (await fetch(`${apiUrl}/v1/runs/${queued.id}`)).json());
  const stages = new Map<RunStage, { seconds: number; peakMb: number }>();
  let run = await runOf();
  for (; run.status === 'queued' || run.status === 'running'; run = await runOf()) {
    const before = performance.now();
    await sleep(POLL_MS);
    const stage = stages.get(run.stage) ?? { seconds: 0, peakMb: 0 };
    stages.set(run.stage, {
      seconds: stage.seconds + secondsSince(before),
      peakMb: Math.max(stage.peakMb, residentMbBelow(pid, TRAINING) ?? 0),
    });
  }
  if (run.status !== 'succeeded') throw new Error(`The run ended: ${JSON.stringify(run.error)}`);
  return { ...resultOf(run), stages: roundedStages(stages), log: await logOf(apiUrl, run.id) };
}

function resultOf({ id, model, modelVersion, startedAt, finishedAt }: Run): Measured {
  const seconds = (Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
  return { run: id, model, modelVersion, seconds };
}

function roundedStages(stages: ReadonlyMap<RunStage, { seconds: number; peakMb: number }>) {
  return Object.fromEntries(
    Array.from(stages, ([stage, { seconds, peakMb }]) => [
      stage,
      { seconds: Math.round(seconds * 10) / 10, peakMb },
    ]),
  );
}

async function logOf(apiUrl: string, run: string): Promise<readonly string[]> {
  const lines = (await (await fetch(`${apiUrl}/v1/runs/${run}/logs`)).json()) as {
    at: string;
    text: string;
  }[];
  return lines.map(({ at, text }) => `${at} ${text}`);
}

/** Seconds and bytes of what people look at after a run. */
export async function measureReading(
  platform: TestPlatform,
  dataset: string,
  { model, modelVersion }: Measured,
): Promise<Measured> {
  const { apiUrl } = await platform.record();
  const version = `/v1/models/${model}/versions/${modelVersion}`;
  const pages = {
    leaderboard: `/v1/leaderboards/${dataset}`,
    leaderboards: '/v1/leaderboards',
    models: '/v1/models',
    testImages: `${version}/images`,
    evaluation: `${version}/evaluation`,
    samples: `/v1/datasets/${dataset}/samples?limit=200`,
    dataset: `/v1/datasets/${dataset}`,
  };
  const read: Record<string, unknown> = {};
  for (const [name, path] of Object.entries(pages)) {
    const started = performance.now();
    const answer = await fetch(`${apiUrl}${path}`);
    const bytes = (await answer.arrayBuffer()).byteLength;
    read[name] = { status: answer.status, seconds: secondsSince(started), bytes };
  }
  return read;
}

function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}
