/** @file Fields in the addresses of several routes. */
import { MAX_NUMBER, nameSchema, sha256Schema } from '@plumbline/contracts';
import { z } from 'zod';

export const versionNumber = z.coerce.number().int().positive().max(MAX_NUMBER);
export const modelParams = z.object({ name: nameSchema });
export const versionParams = modelParams.extend({ version: versionNumber });
export const blobParams = z.object({ sha256: sha256Schema });
