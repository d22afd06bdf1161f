/** @file `monitoring.*`: what was inspected, what operators say of it, and how far it has drifted. */
import {
  inspectionSchema,
  judgeInspectionInput,
  keepingSchema,
  keptImagesSchema,
  listInspectionsInput,
  listKeptImagesInput,
  modelMonitoringSchema,
  monitoredVersionInput,
  setKeepingInput,
} from '@plumbline/contracts';
import { z } from 'zod';
import { listKeptImages, setKeeping } from '../kept-images/kept-images.ts';
import { engineerProcedure, operatorProcedure, router, viewerProcedure } from '../trpc.ts';
import { checkNow, getMonitoring, judgeInspection, listInspections } from './model-monitoring.ts';

const tags = ['monitoring'];

export const monitoringRouter = router({
  get: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/monitoring',
        tags,
        summary: 'Drift of the inspections of a version by the last check, and operators’ verdicts',
        description:
          'The promoted version if none is named. Promoted versions are checked every five minutes. The numbers are described in docs/monitoring.md.',
      },
    })
    .input(monitoredVersionInput)
    .output(modelMonitoringSchema)
    .query(({ ctx, input }) => getMonitoring(ctx, input)),

  check: operatorProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/models/{name}/monitoring/check',
        tags,
        summary: 'Check the drift of a version now',
        description:
          'Changes of state are written down and sent to the webhook, as by a check that comes by itself.',
      },
    })
    .input(monitoredVersionInput)
    .output(modelMonitoringSchema)
    .mutation(({ ctx, input }) => checkNow(ctx, input)),

  inspections: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/inspections',
        tags,
        summary: 'The last inspections of a version, newest first, with `image` where it is kept',
      },
    })
    .input(listInspectionsInput)
    .output(z.array(inspectionSchema))
    .query(({ ctx, input }) => listInspections(ctx, input)),

  keptImages: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/kept-images',
        tags,
        summary: 'Inspected images that are kept, newest first, with score and verdict',
        description:
          'And which ones are kept. `image` is for GET /v1/blobs/{sha256}; `id` is for the change `addInspected` of a dataset.',
      },
    })
    .input(listKeptImagesInput)
    .output(keptImagesSchema)
    .query(({ ctx, input }) => listKeptImages(ctx, input)),

  keep: engineerProcedure
    .meta({
      openapi: {
        method: 'PUT',
        path: '/v1/models/{name}/keeping',
        tags,
        summary: 'Say which inspected images a model keeps, and how many',
        description:
          'None unless this says so. It holds from the next inspection on; what is left out is as by default, and what is beyond a new limit goes at once. Images that come as pixels (tensors of /v2) are not kept.',
      },
    })
    .input(setKeepingInput)
    .output(keepingSchema)
    .mutation(({ ctx, input }) => setKeeping(ctx, input)),

  judge: operatorProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/inspections/{id}/verdict',
        tags,
        summary: 'Say whether the label of an inspection was right',
        description:
          '`falseAlarm` only of one that was labeled anomalous, `missedDefect` only of one that was labeled normal; null takes it back.',
      },
    })
    .input(judgeInspectionInput)
    .output(inspectionSchema)
    .mutation(({ ctx, input }) => judgeInspection(ctx, input)),
});
