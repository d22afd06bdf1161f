/** @file `models.*`: the registry of model versions. */
import {
  aliasChangeSchema,
  aliasInput,
  deleteNamedInput,
  deleteVersionInput,
  deletionPlanSchema,
  evaluationFileSchema,
  extendModelInput,
  judgedImageSchema,
  listImagesInput,
  MAX_NUMBER,
  modelAliasSchema,
  modelSummarySchema,
  modelVersionSchema,
  nameSchema,
  planDeletionInput,
  promotionEventSchema,
  promotionPreviewSchema,
  promotionSchema,
  type Run,
  runSchema,
  setAliasInput,
} from '@plumbline/contracts';
import { z } from 'zod';
import { deleteTarget } from '../deletion/delete-target.ts';
import { engineerProcedure, router, viewerProcedure } from '../trpc.ts';
import { readEvaluationFile, readModelCard } from './bundle-report.ts';
import { extendModel } from './extend-model.ts';
import { listJudgedImages } from './judged-images.ts';
import { removeAlias, setAlias } from './model-aliases.ts';
import { previewPromotion } from './preview-promotion.ts';
import { promoteVersion } from './promote-version.ts';

const tags = ['models'];
const versionInput = z.object({
  name: nameSchema,
  version: z.number().int().positive().max(MAX_NUMBER),
});

export const modelsRouter = router({
  list: viewerProcedure
    .meta({ openapi: { method: 'GET', path: '/v1/models', tags, summary: 'All models' } })
    .input(z.void())
    .output(z.array(modelSummarySchema))
    .query(({ ctx }) => ctx.database.models.list()),

  get: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/versions',
        tags,
        summary: 'All versions of a model, newest first',
      },
    })
    .input(z.object({ name: nameSchema }))
    .output(z.array(modelVersionSchema))
    .query(({ ctx, input }) => ctx.database.models.versions(input.name)),

  promote: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/models/{name}/versions/{version}/promote',
        tags,
        summary:
          'Promote a version to answer predictions, without a gap; says which one it replaced',
      },
    })
    .input(versionInput)
    .output(promotionSchema)
    .mutation(({ ctx, input }) => promoteVersion(ctx, input.name, input.version)),

  extend: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/models/{name}/versions/{version}/extend',
        tags,
        summary:
          'Add the normal training images of a dataset, as a new version, without fitting again',
        description:
          'For methods that keep their images, such as retrieval. Images that the version knows are left out; thresholds follow. ' +
          'The new version is on no leaderboard, since it knows more than its dataset version; it is evaluated on the test split if `evaluate` is true. ' +
          'CONFLICT for a version that images can’t be added to.',
      },
      created: ({ id }: Run) => `/v1/runs/${id}`,
    })
    .input(extendModelInput)
    .output(runSchema)
    .mutation(({ ctx, input }) => extendModel(ctx, input)),

  promotion: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/versions/{version}/promotion',
        tags,
        summary: 'What promoting a version would change; asking changes nothing',
      },
    })
    .input(versionInput)
    .output(promotionPreviewSchema)
    .query(({ ctx, input }) => previewPromotion(ctx, input.name, input.version)),

  promotions: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/promotions',
        tags,
        summary:
          'Which version began to answer predictions when, and who promoted it, newest first',
      },
    })
    .input(z.object({ name: nameSchema }))
    .output(z.array(promotionEventSchema))
    .query(({ ctx, input }) => ctx.database.models.promotions(input.name)),

  aliases: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/aliases',
        tags,
        summary:
          'The aliases of a model and the versions they point to; champion is the promoted one',
      },
    })
    .input(z.object({ name: nameSchema }))
    .output(z.array(modelAliasSchema))
    .query(({ ctx, input }) => ctx.database.aliases.list(input.name)),

  setAlias: engineerProcedure
    .meta({
      openapi: {
        method: 'PUT',
        path: '/v1/models/{name}/aliases/{alias}',
        tags,
        summary: 'Let an alias point to a version, without a gap; says which one it pointed to',
        description:
          'Requests name it after the model, as in `/v1/models/parts@challenger/predict`. Setting `champion` is a promotion.',
      },
    })
    .input(setAliasInput)
    .output(aliasChangeSchema)
    .mutation(({ ctx, input }) => setAlias(ctx, input)),

  removeAlias: engineerProcedure
    .meta({
      openapi: {
        method: 'DELETE',
        path: '/v1/models/{name}/aliases/{alias}',
        tags,
        summary: 'Remove an alias; its version stays. Says which aliases are left',
      },
    })
    .input(aliasInput)
    .output(z.array(modelAliasSchema))
    .mutation(({ ctx, input }) => removeAlias(ctx, input)),

  deletion: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/deletion',
        tags,
        summary:
          'What would go with a model, or with one version of it, and what stands in the way; asking changes nothing',
      },
    })
    .input(planDeletionInput)
    .output(deletionPlanSchema)
    .query(({ ctx, input: { name, version } }) =>
      ctx.database.deletions.plan({ kind: 'model', name, ...(version && { version }) }),
    ),

  delete: engineerProcedure
    .meta({
      openapi: {
        method: 'DELETE',
        path: '/v1/models/{name}',
        tags,
        summary: 'Delete a model with all of its versions and the runs that made them',
        description:
          'Also while it answers predictions, which then get NOT_FOUND. CONFLICT while a run or an import of results is making a version of it. ' +
          'Bundles leave the disk within about a day.',
      },
    })
    .input(deleteNamedInput)
    .output(deletionPlanSchema)
    .mutation(({ ctx, input: { name, seen } }) => deleteTarget(ctx, { kind: 'model', name }, seen)),

  deleteVersion: engineerProcedure
    .meta({
      openapi: {
        method: 'DELETE',
        path: '/v1/models/{name}/versions/{version}',
        tags,
        summary: 'Delete one version of a model, with the run that made it',
        description:
          'CONFLICT for the version that answers predictions, and while a run adds images to it. Its number is not given again.',
      },
    })
    .input(deleteVersionInput)
    .output(deletionPlanSchema)
    .mutation(({ ctx, input: { name, version, seen } }) =>
      deleteTarget(ctx, { kind: 'model', name, version }, seen),
    ),

  images: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/versions/{version}/images',
        tags,
        summary: 'The test images as the evaluation scored them, against the thresholds that serve',
      },
    })
    .input(listImagesInput)
    .output(z.array(judgedImageSchema))
    .query(({ ctx, input }) => listJudgedImages(ctx, input)),

  evaluation: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/versions/{version}/evaluation',
        tags,
        summary:
          'Curves, histograms and counts behind the metrics; null for bundles of version 0.1',
      },
    })
    .input(versionInput)
    .output(evaluationFileSchema.nullable())
    .query(({ ctx, input }) => readEvaluationFile(ctx, input.name, input.version)),

  card: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/versions/{version}/card',
        tags,
        summary: 'The model card as Markdown',
      },
    })
    .input(versionInput)
    .output(z.object({ markdown: z.string() }))
    .query(({ ctx, input }) => readModelCard(ctx, input.name, input.version)),
});
