/** @file `runs.*`: training runs. */
import {
  decidedSuspectsSchema,
  decideRunSuspectsInput,
  deleteRunInput,
  deletionPlanSchema,
  knownLossesSchema,
  lossCurveSchema,
  MAX_NUMBER,
  nameSchema,
  type Run,
  runLogLineSchema,
  runResultSchema,
  runSchema,
  runSuspectsSchema,
  startTrainingInput,
  trainingEstimateSchema,
} from '@plumbline/contracts';
import { z } from 'zod';
import { deleteTarget } from '../deletion/delete-target.ts';
import { engineerProcedure, router, viewerProcedure } from '../trpc.ts';
import { estimateTraining } from './estimate-training.ts';
import { getRunResult } from './run-result.ts';
import { decideRunSuspects, getSuspects } from './run-suspects.ts';
import { startRun } from './start-run.ts';

const tags = ['runs'];
const runId = z.object({ id: z.string().min(1) });

export const runsRouter = router({
  start: engineerProcedure
    .meta({
      openapi: { method: 'POST', path: '/v1/runs', tags, summary: 'Start a training run' },
      created: ({ id }: Run) => `/v1/runs/${id}`,
    })
    .input(startTrainingInput)
    .output(runSchema)
    .mutation(({ ctx, input }) => startRun(ctx, input)),

  estimate: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/runs/estimate',
        tags,
        summary: 'How long a training run would take; refuses input that can’t be trained',
      },
      changesNothing: true,
    })
    .input(startTrainingInput)
    .output(trainingEstimateSchema)
    .mutation(({ ctx, input }) => estimateTraining(ctx, input)),

  list: viewerProcedure
    .meta({
      openapi: { method: 'GET', path: '/v1/runs', tags, summary: 'Training runs, newest first' },
    })
    .input(
      z
        .object({
          dataset: nameSchema.optional(),
          limit: z.number().int().min(1).max(500).optional(),
        })
        .optional(),
    )
    .output(z.array(runSchema))
    .query(({ ctx, input }) => ctx.database.runs.list(input)),

  get: viewerProcedure
    .meta({ openapi: { method: 'GET', path: '/v1/runs/{id}', tags, summary: 'One training run' } })
    .input(runId)
    .output(runSchema)
    .query(({ ctx, input }) => ctx.database.runs.get(input.id)),

  cancel: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/runs/{id}/cancel',
        tags,
        summary: 'Ask a training run to stop',
      },
    })
    .input(runId)
    .output(runSchema)
    .mutation(({ ctx, input }) => ctx.database.runs.requestCancel(input.id)),

  result: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/runs/{id}/result',
        tags,
        summary:
          'The result of a run that succeeded: its metrics and those of the best on its leaderboard, test images, warnings',
      },
    })
    .input(runId)
    .output(runResultSchema)
    .query(({ ctx, input }) => getRunResult(ctx, input.id)),

  suspects: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/runs/{id}/suspects',
        tags,
        summary: 'Training images that stand out: rare ones, or no normal images at all',
        description:
          'By their scores from fits without them, in robust standard deviations above the median of their category. ' +
          'At most 12 at or above the robust cut; with `limit`, so many of all that have a score. ' +
          'Of the first, as many as `mapped` says, there is a picture of where they differ.',
      },
    })
    .input(runId.extend({ limit: z.number().int().min(1).max(MAX_NUMBER).optional() }))
    .output(runSuspectsSchema)
    .query(({ ctx, input }) => getSuspects(ctx, input.id, input.limit)),

  decideSuspects: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/runs/{id}/suspects/decisions',
        tags,
        summary: 'Keep suspects of a run, exclude them or move them to the test images',
        description:
          'What is kept is remembered for the dataset: neither a search nor another run asks about it again. ' +
          'The rest makes the next version of the dataset, in one import.',
      },
    })
    .input(decideRunSuspectsInput)
    .output(decidedSuspectsSchema)
    .mutation(({ ctx, input }) => decideRunSuspects(ctx, input)),

  resume: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/runs/{id}/resume',
        tags,
        summary: 'Resume a failed or cancelled training run from its checkpoint',
        description:
          'It continues where it stopped if its checkpoint still exists (kept for seven days, or `PLUMBLINE_CHECKPOINT_DAYS`); otherwise it starts over. ' +
          'CONFLICT for a run that waits, runs or has succeeded.',
      },
    })
    .input(runId)
    .output(runSchema)
    .mutation(({ ctx, input }) => ctx.database.runs.resume(input.id)),

  deletion: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/runs/{id}/deletion',
        tags,
        summary: 'Whether a training run can be deleted; asking changes nothing',
      },
    })
    .input(runId)
    .output(deletionPlanSchema)
    .query(({ ctx, input: { id } }) => ctx.database.deletions.plan({ kind: 'run', id })),

  delete: engineerProcedure
    .meta({
      openapi: {
        method: 'DELETE',
        path: '/v1/runs/{id}',
        tags,
        summary: 'Delete a training run that has ended, with its losses, log and checkpoint',
        description:
          'CONFLICT for one that waits or goes on, and for one that made a model version: delete that version, and the run goes with it.',
      },
    })
    .input(deleteRunInput)
    .output(deletionPlanSchema)
    .mutation(({ ctx, input: { id, seen } }) => deleteTarget(ctx, { kind: 'run', id }, seen)),

  losses: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/runs/{id}/losses',
        tags,
        summary: 'Loss curves',
        description:
          'At most 2,000 points per level: of every `bucketSteps` steps the smallest, the largest and the last loss. ' +
          'With the `bucketSteps` and `cursor` of an earlier answer, only the buckets that have changed since then; ' +
          'the whole curve again when `bucketSteps` has grown.',
      },
    })
    .input(runId.extend(knownLossesSchema.shape))
    .output(lossCurveSchema)
    .query(({ ctx, input: { id, ...known } }) => ctx.database.runs.losses(id, known)),

  logs: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/runs/{id}/logs',
        tags,
        summary: 'Log lines, those after a line when `after` is its id',
      },
    })
    .input(runId.extend({ after: z.number().int().min(0).max(MAX_NUMBER).optional() }))
    .output(z.array(runLogLineSchema))
    .query(({ ctx, input }) => ctx.database.runs.logs(input.id, input.after)),
});
