/** @file The API's router as a type: the dashboard has no code of the API in it. */
import {
  type DatasetDetail,
  type DatasetImport,
  type DatasetSummary,
  type ImageResult,
  importDatasetInput,
  type Leaderboard,
  type LeaderboardSummary,
  type LossPoint,
  listSamplesInput,
  type ModelSummary,
  type ModelVersion,
  type Run,
  type RunLogLine,
  type SamplePage,
  type SystemStatus,
  startTrainingInput,
} from '@plumbline/contracts';
import { initTRPC } from '@trpc/server';
import { z } from 'zod';

const t = initTRPC.create();
const p = t.procedure;
const idInput = z.object({ id: z.string() });
const nameInput = z.object({ name: z.string() });
const versionInput = z.object({ name: z.string(), version: z.number() });
const typed = <T>() => null as T;

const router = t.router({
  system: t.router({ status: p.query(() => typed<SystemStatus>()) }),
  datasets: t.router({
    list: p.query(() => typed<DatasetSummary[]>()),
    get: p.input(nameInput).query(() => typed<DatasetDetail>()),
    import: p.input(importDatasetInput).mutation(() => typed<DatasetImport>()),
    importStatus: p.input(idInput).query(() => typed<DatasetImport>()),
    imports: p.query(() => typed<DatasetImport[]>()),
    samples: p.input(listSamplesInput).query(() => typed<SamplePage>()),
  }),
  runs: t.router({
    start: p.input(startTrainingInput).mutation(() => typed<Run>()),
    list: p
      .input(z.object({ dataset: z.string().optional(), limit: z.number().optional() }))
      .query(() => typed<Run[]>()),
    get: p.input(idInput).query(() => typed<Run>()),
    cancel: p.input(idInput).mutation(() => typed<Run>()),
    losses: p.input(idInput).query(() => typed<LossPoint[]>()),
    logs: p
      .input(z.object({ id: z.string(), after: z.number().optional() }))
      .query(() => typed<RunLogLine[]>()),
  }),
  models: t.router({
    list: p.query(() => typed<ModelSummary[]>()),
    get: p.input(nameInput).query(() => typed<ModelVersion[]>()),
    promote: p.input(versionInput).mutation(() => typed<ModelVersion>()),
    images: p.input(versionInput).query(() => typed<ImageResult[]>()),
  }),
  leaderboards: t.router({
    list: p.query(() => typed<LeaderboardSummary[]>()),
    get: p.input(z.object({ dataset: z.string() })).query(() => typed<Leaderboard>()),
  }),
});

export type AppRouter = typeof router;
