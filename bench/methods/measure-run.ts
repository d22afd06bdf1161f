/** @file One run of the benchmark of methods, from command to published version; one that was interrupted is taken up. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BundleManifest, Run } from '@plumbline/contracts';
import { z } from 'zod';
import type { PlatformApi, RunInput } from './platform-api.ts';

const POLL_MS = 500;

/** The time that was allowed is over; the run goes on next time. */
export class OutOfTime extends Error {}

/** The run ended without a version. */
export class RunFailed extends Error {}

const share = z.number().nullable();

/** What is kept of a run: its figures beside all that they depend on. */
export const measuredRunSchema = z.object({
  dataset: z.string(),
  datasetVersion: z.string(),
  /** Name of the evaluation protocol. */
  protocol: z.string(),
  codeVersion: z.string(),
  method: z.string(),
  preset: z.string(),
  backbone: z.string(),
  seed: z.number().int(),
  /** Means over the categories, 0 to 1; null where undefined. */
  imageAuroc: share,
  pixelAuroc: share,
  aupro30: share,
  /** Image AUROC of each category. */
  categories: z.record(z.string(), share),
  /** Of fitting the method, without its backbone's features. */
  fitSeconds: z.number(),
  /** From command to published version; null for a run that was interrupted. */
  runSeconds: z.number().nullable(),
  /** Median milliseconds from an image's bytes to its score and map. */
  imageMs: z.number().nullable(),
  modelBytes: z.number().int(),
  peakRssMb: z.number().nullable(),
});
export type MeasuredRun = z.infer<typeof measuredRunSchema>;

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
  return toMeasured(run, input, await api.manifest(run));
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

function toMeasured(run: Run, input: RunInput, manifest: BundleManifest): MeasuredRun {
  const { mean, lineage, protocol, latencyMs, cost, files } = manifest;
  const { dataset, method, preset, backbone, seed } = input;
  const taken = Date.parse(run.finishedAt ?? '') - Date.parse(run.startedAt ?? '');
  return measuredRunSchema.parse({
    ...{ dataset, method, preset, backbone, seed },
    datasetVersion: lineage.datasetVersion,
    protocol: protocol.name,
    codeVersion: lineage.codeVersion,
    imageAuroc: mean.imageAuroc,
    pixelAuroc: mean.pixelAuroc,
    aupro30: mean.aupro30,
    categories: Object.fromEntries(
      Object.entries(manifest.categories).map(([name, metrics]) => [name, metrics.imageAuroc]),
    ),
    fitSeconds: manifest.trainSeconds,
    runSeconds: run.attempts === 1 ? taken / 1000 : null,
    imageMs: latencyMs.p50,
    modelBytes: files.find(({ name }) => name === 'model.onnx')?.bytes,
    peakRssMb: cost?.peakRssMb ?? null,
  });
}
