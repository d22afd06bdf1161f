/** @file `thresholds.*`: versioned threshold profiles of a model version. */
import {
  MAX_NUMBER,
  nameSchema,
  type ThresholdProfileVersion,
  thresholdChoiceSchema,
  thresholdEffectSchema,
  thresholdHistorySchema,
  thresholdPreviewSchema,
  thresholdProfileVersionSchema,
} from '@plumbline/contracts';
import { z } from 'zod';
import { engineerProcedure, router, viewerProcedure } from '../trpc.ts';
import {
  activateProfile,
  createProfile,
  getProfile,
  previewProfile,
  profileEffect,
  thresholdHistory,
} from './threshold-profiles.ts';

const tags = ['thresholds'];
const base = '/v1/models/{name}/versions/{version}/thresholds' as const;
const versionInput = z.object({
  name: nameSchema,
  version: z.number().int().positive().max(MAX_NUMBER),
});
const choiceInput = versionInput.extend({ choice: thresholdChoiceSchema });
const profileInput = versionInput.extend({ profile: z.number().int().positive().max(MAX_NUMBER) });

export const thresholdsRouter = router({
  history: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: base,
        tags,
        summary: 'All threshold profiles of a version, and which served when',
      },
    })
    .input(versionInput)
    .output(thresholdHistorySchema)
    .query(({ ctx, input }) => thresholdHistory(ctx, input)),

  get: viewerProcedure
    .meta({
      openapi: { method: 'GET', path: `${base}/{profile}`, tags, summary: 'One threshold profile' },
    })
    .input(profileInput)
    .output(thresholdProfileVersionSchema)
    .query(({ ctx, input }) => getProfile(ctx, input)),

  effect: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: `${base}/{profile}/effect`,
        tags,
        summary: 'What a profile means on the test split: for information, never for choosing',
      },
    })
    .input(profileInput)
    .output(thresholdEffectSchema)
    .query(({ ctx, input }) => profileEffect(ctx, input)),

  preview: viewerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: `${base}/preview`,
        tags,
        summary: 'The profile that a choice would give, and its effect, without storing it',
      },
      changesNothing: true,
    })
    .input(choiceInput)
    .output(thresholdPreviewSchema)
    .mutation(({ ctx, input }) => previewProfile(ctx, input)),

  create: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: base,
        tags,
        summary: 'Make a profile by a rule or by hand; it applies from the next inspection on',
      },
      created: ({ version }: ThresholdProfileVersion, { name, version: model }) =>
        `/v1/models/${name}/versions/${model}/thresholds/${version}`,
    })
    .input(choiceInput)
    .output(thresholdProfileVersionSchema)
    .mutation(({ ctx, input }) => createProfile(ctx, input)),

  activate: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: `${base}/{profile}/activate`,
        tags,
        summary: 'Activate an earlier profile',
      },
    })
    .input(profileInput)
    .output(thresholdProfileVersionSchema)
    .mutation(({ ctx, input }) => activateProfile(ctx, input)),
});
