/** @file All procedures, one router per feature. */
import { auditRouter } from './audit/audit.router.ts';
import { backbonesRouter } from './backbones/backbones.router.ts';
import { batchesRouter } from './batches/batches.router.ts';
import { datasetsRouter } from './datasets/datasets.router.ts';
import { keysRouter } from './keys/keys.router.ts';
import { leaderboardsRouter } from './leaderboards/leaderboards.router.ts';
import { modelsRouter } from './models/models.router.ts';
import { monitoringRouter } from './monitoring/monitoring.router.ts';
import { resultsRouter } from './results/results.router.ts';
import { runsRouter } from './runs/runs.router.ts';
import { suspectsRouter } from './suspects/suspects.router.ts';
import { systemRouter } from './system/system.router.ts';
import { thresholdsRouter } from './thresholds/thresholds.router.ts';
import { router } from './trpc.ts';
import { usersRouter } from './users/users.router.ts';

export const appRouter = router({
  system: systemRouter,
  datasets: datasetsRouter,
  suspects: suspectsRouter,
  backbones: backbonesRouter,
  runs: runsRouter,
  models: modelsRouter,
  thresholds: thresholdsRouter,
  monitoring: monitoringRouter,
  batches: batchesRouter,
  results: resultsRouter,
  leaderboards: leaderboardsRouter,
  keys: keysRouter,
  audit: auditRouter,
  users: usersRouter,
});

export type AppRouter = typeof appRouter;
