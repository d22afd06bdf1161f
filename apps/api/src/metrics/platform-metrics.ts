/** @file What is read when somebody asks: the pool of inference processes, the queue, the log of inspections, the jobs. */
import type { DriftState } from '@plumbline/contracts';
import type { Database } from '@plumbline/db';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Services } from '../context.ts';

type Parts = Pick<
  Services,
  'database' | 'inference' | 'served' | 'inspections' | 'keptImages' | 'gates'
>;

/** A database that is away must not keep the rest from being told. */
const JOBS_MS = 1_000;

export function registerPlatformMetrics(registry: Registry, parts: Parts): void {
  registerPool(registry, parts);
  registerInspectionLog(registry, parts);
  gauge(registry, {
    name: 'vad_jobs',
    help: 'Training runs by state; absent while the database does not answer.',
    labels: ['state'],
    read: () => jobs(parts.database),
  });
  registerDrift(registry, parts.database);
}

function registerPool(registry: Registry, { inference, served, gates }: Parts): void {
  gauge(registry, {
    name: 'vad_inference_queue_size',
    help: 'Images that wait for their turn.',
    read: () => [[{}, gates.inspections.waiting]],
  });
  gauge(registry, {
    name: 'vad_model_loaded',
    help: 'Inference processes of a version; its share of the pool.',
    labels: ['model', 'version'],
    read: () =>
      inference.loaded().map(({ model, version, processes }) => [{ model, version }, processes]),
  });
  gauge(registry, {
    name: 'vad_inference_pool_capacity',
    help: 'Inference processes that the API starts at most (beyond it, one for a version that is not promoted).',
    read: () => [[{}, inference.capacity]],
  });
  gauge(registry, {
    name: 'vad_inference_lost_requests_total',
    help: 'Images that lost their inference process and went to another, by what happened to it.',
    labels: ['cause'],
    read: () => Object.entries(inference.losses).map(([cause, count]) => [{ cause }, count]),
  });
  gauge(registry, {
    name: 'vad_model_swaps_total',
    help: 'Changes of the version that answers for a model, by whether the new one could be loaded.',
    labels: ['result'],
    read: () => Object.entries(served.swaps).map(([result, count]) => [{ result }, count]),
  });
}

function registerInspectionLog(registry: Registry, { inspections, keptImages }: Parts): void {
  for (const name of ['kept', 'dropped', 'waiting'] as const)
    gauge(registry, {
      name: KEPT_NAMES[name],
      help: `Inspected images ${name === 'waiting' ? 'that wait to be stored' : `that were ${name === 'kept' ? 'kept' : 'to be kept and dropped'} since the API started`}.`,
      read: () => [[{}, keptImages.counts[name]]],
    });
  const names = ['recorded', 'dropped', 'waiting'] as const;
  for (const name of names)
    gauge(registry, {
      name: name === 'waiting' ? 'vad_inspections_waiting' : `vad_inspections_${name}_total`,
      help: `Inspections ${name === 'waiting' ? 'that wait to be written down' : `${name} since the API started`}.`,
      read: () => [[{}, inspections.counts[name]]],
    });
}

const KEPT_NAMES = {
  kept: 'vad_kept_images_total',
  dropped: 'vad_kept_images_dropped_total',
  waiting: 'vad_kept_images_waiting',
} as const;

type Sample = readonly [Readonly<Record<string, string>>, number];

interface ReadGauge {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  read(): readonly Sample[] | Promise<readonly Sample[]>;
}

/** A counter where its name says that it only grows. */
function gauge(registry: Registry, { name, help, labels = [], read }: ReadGauge): void {
  const options = {
    ...{ name, help, labelNames: [...labels], registers: [registry] },
    async collect() {
      const samples = await read();
      made.reset();
      for (const [of, value] of samples) made.inc({ ...of }, value);
    },
  };
  const made = name.endsWith('_total') ? new Counter(options) : new Gauge(options);
}

const STATE_NUMBERS: Readonly<Record<DriftState, number | null>> = {
  ...{ ok: 0, warning: 1, drifted: 2, notEnough: null },
};

function registerDrift(registry: Registry, { drift }: Pick<Database, 'drift'>): void {
  const checks = async () => (await inTime(drift.promotedChecks())) ?? [];
  gauge(registry, {
    name: 'vad_drift_state',
    help: 'Of the inspections of promoted versions by the last check: 0 ok, 1 warning, 2 drifted; absent while there are not enough.',
    labels: ['model', 'category'],
    read: async () =>
      (await checks()).flatMap(({ model, category, state }) => {
        const number = STATE_NUMBERS[state];
        return number === null ? [] : [[{ model, category: category ?? '' }, number] as const];
      }),
  });
  gauge(registry, {
    name: 'vad_drift_psi',
    help: 'Population stability index of promoted versions by the last check.',
    labels: ['model', 'category', 'feature'],
    read: async () =>
      (await checks()).flatMap(({ model, category, features }) =>
        features.flatMap(({ feature, psi }) =>
          psi === null ? [] : [[{ model, category: category ?? '', feature }, psi] as const],
        ),
      ),
  });
}

/** Null while the database does not answer. */
function inTime<Value>(asked: Promise<Value>): Promise<Value | null> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, JOBS_MS, null).unref());
  return Promise.race([asked.catch(() => null), late]);
}

async function jobs(database: Pick<Database, 'counts'>): Promise<readonly Sample[]> {
  const counts = await inTime(database.counts());
  if (counts === null) return [];
  return [
    [{ state: 'queued' }, counts.queuedRuns],
    [{ state: 'running' }, counts.runningRuns],
  ];
}
