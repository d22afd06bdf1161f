/** @file One run of the benchmark of methods, from command to published version; one that was interrupted is taken up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleManifestSchema, type Run, runSchema } from '@plumbline/contracts';
import type { PlatformApi, RunInput } from './platform-api.ts';

const POLL_MS = 500;

/** The time that was allowed is over; the run goes on next time. */
export class OutOfTime extends Error {}

/** The run ended without a version. */
export class RunFailed extends Error {}

/** What is kept of a run: of its bundle's manifest the figures beside all that they depend on, and how it was asked for. */
export const measuredRunSchema = bundleManifestSchema
  .pick({
    ...{ method: true, preset: true, seed: true, lineage: true, protocol: true },
    ...{ mean: true, categories: true, files: true },
    ...{ trainSeconds: true, latencyMs: true, cost: true },
  })
  .extend(
    runSchema.pick({ backbone: true, attempts: true, startedAt: true, finishedAt: true }).shape,
  );
export type MeasuredRun = ReturnType<typeof measuredRunSchema.parse>;

/**
 * @param deadline milliseconds since the epoch
 * @throws OutOfTime when the deadline comes first
 * @throws RunFailed with what the run says
 */
export async function measureRun(
  api: PlatformApi,
  input: RunInput,
  deadline: number,
): Promise<MeasuredRun> {
  let run = (await findRun(api, input)) ?? (await api.start(input));
  while (run.status === 'queued' || run.status === 'running') {
    if (Date.now() > deadline) throw new OutOfTime();
    await sleep(POLL_MS);
    run = await api.run(run.id);
  }
  if (run.status !== 'succeeded') throw new RunFailed(run.error?.message ?? run.status);
  return measuredRunSchema.parse({
    ...(await api.manifest(run)),
    ...{ backbone: input.backbone, attempts: run.attempts },
    ...{ startedAt: run.startedAt, finishedAt: run.finishedAt },
  });
}

/** One that an earlier invocation has asked for, unless it failed. */
async function findRun(api: PlatformApi, input: RunInput): Promise<Run | undefined> {
  const runs = await api.runs(input.dataset);
  return runs.find(
    ({ model, preset, seed, status }) =>
      model === input.model &&
      preset === input.preset &&
      seed === input.seed &&
      status !== 'failed' &&
      status !== 'cancelled',
  );
}
