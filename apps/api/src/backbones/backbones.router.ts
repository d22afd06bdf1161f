/** @file `backbones.*`: what a run can compute features with, and how it comes here. */
import {
  addBackboneInput,
  backboneSchema,
  fetchBackboneInput,
  nameSchema,
} from '@plumbline/contracts';
import { z } from 'zod';
import { engineerProcedure, router, viewerProcedure } from '../trpc.ts';
import {
  addBackbone,
  cancelFetch,
  fetchBackbone,
  getBackbone,
  listBackbones,
} from './backbone-catalog.ts';

const tags = ['backbones'];
const name = z.object({ name: nameSchema });

export const backbonesRouter = router({
  list: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/backbones',
        tags,
        summary: 'The embedded backbones, the catalog, and those that you added',
      },
    })
    .input(z.void())
    .output(z.array(backboneSchema))
    .query(({ ctx }) => listBackbones(ctx)),

  get: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/backbones/{name}',
        tags,
        summary: 'One backbone, with the state of its download',
      },
    })
    .input(name)
    .output(backboneSchema)
    .query(({ ctx, input }) => getBackbone(ctx, input.name)),

  fetch: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/backbones/{name}/fetch',
        tags,
        summary: 'Start or resume the download of a backbone from its publisher',
      },
    })
    .input(fetchBackboneInput)
    .output(backboneSchema)
    .mutation(({ ctx, input }) => fetchBackbone(ctx, input)),

  cancel: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/backbones/{name}/cancel',
        tags,
        summary: 'Stop a download; what has arrived so far is kept',
      },
    })
    .input(name)
    .output(backboneSchema)
    .mutation(({ ctx, input }) => cancelFetch(ctx, input.name)),

  add: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/backbones',
        tags,
        summary: 'Add a backbone file from the disk of the platform',
      },
    })
    .input(addBackboneInput)
    .output(backboneSchema)
    .mutation(({ ctx, input }) => addBackbone(ctx, input)),
});
