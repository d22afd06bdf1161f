/** @file `datasets.*`: imports and what they made. */
import {
  type DatasetImport,
  datasetDetailSchema,
  datasetDiffSchema,
  datasetImportSchema,
  datasetLayoutSchema,
  datasetSummarySchema,
  datasetVersionSchema,
  deleteNamedInput,
  deleteVersionInput,
  deletionPlanSchema,
  diffDatasetInput,
  editDatasetInput,
  importDatasetInput,
  listSamplesInput,
  nameSchema,
  planDeletionInput,
  samplePageSchema,
  sourceSurveySchema,
  surveyInput,
  updateDatasetInput,
  versionNumberSchema,
} from '@plumbline/contracts';
import { datasetLayouts } from '@plumbline/data';
import { z } from 'zod';
import { deleteTarget } from '../deletion/delete-target.ts';
import { engineerProcedure, router, viewerProcedure } from '../trpc.ts';
import { diffDataset } from './diff-dataset.ts';
import { startImport } from './start-import.ts';
import { surveyImport } from './survey-import.ts';

const tags = ['datasets'];
const DELETION =
  'CONFLICT while a version that answers predictions, or a run that waits or goes on, needs it. Images and bundles leave the disk within about a day.';

export const datasetsRouter = router({
  list: viewerProcedure
    .meta({ openapi: { method: 'GET', path: '/v1/datasets', tags, summary: 'All datasets' } })
    .input(z.void())
    .output(z.array(datasetSummarySchema))
    .query(({ ctx }) => ctx.database.datasets.list()),

  get: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/datasets/{name}',
        tags,
        summary: 'One dataset with its import report',
      },
    })
    .input(z.object({ name: nameSchema, version: versionNumberSchema.optional() }))
    .output(datasetDetailSchema)
    .query(({ ctx, input }) => ctx.database.datasets.get(input.name, input.version)),

  versions: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/datasets/{name}/versions',
        tags,
        summary: 'All versions of a dataset, latest first, and what made each',
      },
    })
    .input(z.object({ name: nameSchema }))
    .output(z.array(datasetVersionSchema))
    .query(({ ctx, input }) => ctx.database.datasets.versions(input.name)),

  diff: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/datasets/{name}/diff',
        tags,
        summary: 'What two versions of a dataset differ in',
      },
    })
    .input(diffDatasetInput)
    .output(datasetDiffSchema)
    .query(({ ctx, input }) => diffDataset(ctx, input)),

  edit: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/datasets/{name}/edit',
        tags,
        summary: 'Make the next version of a dataset: exclude, move, relabel or add images',
        description:
          'Versions never change and share their images. The answer is an import, which a trainer works on as on any other; its end is that of the version.',
      },
      created: ({ id }: DatasetImport) => `/v1/imports/${id}`,
    })
    .input(editDatasetInput)
    .output(datasetImportSchema)
    .mutation(({ ctx, input: { name, ...edit } }) =>
      startImport(ctx, { name, source: { kind: 'edit', ...edit } }),
    ),

  update: engineerProcedure
    .meta({
      openapi: {
        method: 'PATCH',
        path: '/v1/datasets/{name}',
        tags,
        summary: 'Say under which license a dataset is, and where it comes from',
        description:
          'What is left out stays as it is; an empty text takes back what was said. It holds for all versions, and goes into exports and into the cards of models that are trained afterwards.',
      },
    })
    .input(updateDatasetInput)
    .output(datasetDetailSchema)
    .mutation(({ ctx, input: { name, ...said } }) => ctx.database.datasets.update(name, said)),

  deletion: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/datasets/{name}/deletion',
        tags,
        summary:
          'What would go with a dataset, or with one version of it, and what stands in the way; asking changes nothing',
      },
    })
    .input(planDeletionInput)
    .output(deletionPlanSchema)
    .query(({ ctx, input: { name, version } }) =>
      ctx.database.deletions.plan({ kind: 'dataset', name, ...(version && { version }) }),
    ),

  delete: engineerProcedure
    .meta({
      openapi: {
        method: 'DELETE',
        path: '/v1/datasets/{name}',
        tags,
        summary: 'Delete a dataset with all of its versions, runs, models and results',
        description: DELETION,
      },
    })
    .input(deleteNamedInput)
    .output(deletionPlanSchema)
    .mutation(({ ctx, input: { name, seen } }) =>
      deleteTarget(ctx, { kind: 'dataset', name }, seen),
    ),

  deleteVersion: engineerProcedure
    .meta({
      openapi: {
        method: 'DELETE',
        path: '/v1/datasets/{name}/versions/{version}',
        tags,
        summary: 'Delete one version of a dataset, with what was trained on it',
        description: DELETION,
      },
    })
    .input(deleteVersionInput)
    .output(deletionPlanSchema)
    .mutation(({ ctx, input: { name, version, seen } }) =>
      deleteTarget(ctx, { kind: 'dataset', name, version }, seen),
    ),

  samples: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/datasets/{name}/samples',
        tags,
        summary: 'A page of samples, filtered',
      },
    })
    .input(listSamplesInput)
    .output(samplePageSchema)
    .query(({ ctx, input }) => ctx.database.datasets.samples(input)),

  layouts: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/layouts',
        tags,
        summary: 'How the files of a dataset may be arranged',
      },
    })
    .input(z.void())
    .output(z.array(datasetLayoutSchema))
    .query(() => datasetLayouts()),

  survey: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/surveys',
        tags,
        summary: 'What lies in the folders of a source, and a mapping to start from',
      },
    })
    .input(surveyInput)
    .output(sourceSurveySchema)
    .mutation(({ ctx, input }) => surveyImport(ctx, input)),

  import: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/imports',
        tags,
        summary: 'Import a dataset from a path, an upload or the sample generator',
      },
      created: ({ id }: DatasetImport) => `/v1/imports/${id}`,
    })
    .input(importDatasetInput)
    .output(datasetImportSchema)
    .mutation(({ ctx, input }) => startImport(ctx, input)),

  imports: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/imports',
        tags,
        summary: 'The latest imports, newest first',
      },
    })
    .input(z.void())
    .output(z.array(datasetImportSchema))
    .query(({ ctx }) => ctx.database.imports.list()),

  importStatus: viewerProcedure
    .meta({
      openapi: { method: 'GET', path: '/v1/imports/{id}', tags, summary: 'How far an import is' },
    })
    .input(z.object({ id: z.string().min(1) }))
    .output(datasetImportSchema)
    .query(({ ctx, input }) => ctx.database.imports.get(input.id)),
});
