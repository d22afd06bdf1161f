/** @file Fields in the addresses of several routes. */
import {
  MAX_NUMBER,
  type ModelReference,
  modelReferenceSchema,
  nameSchema,
  selectorOf,
  sha256Schema,
  type VersionSelector,
} from '@plumbline/contracts';
import { z } from 'zod';

export const versionNumber = z.coerce.number().int().positive().max(MAX_NUMBER);
const modelParams = z.object({ name: nameSchema });
export const versionParams = modelParams.extend({ version: versionNumber });
export const blobParams = z.object({ sha256: sha256Schema });

/** Where a request is answered by a version: the model may be given with an alias or a version. */
export const answeringParams = z.object({
  name: modelReferenceSchema.describe(
    'A model, of which the promoted version answers; or an alias or a version of it: `parts`, `parts@challenger`, `parts:3`.',
  ),
});

/** @throws DomainError INVALID_INPUT when the version is named twice */
export function answering(
  reference: ModelReference,
  version?: number,
): { readonly name: string; readonly selector: VersionSelector } {
  return { name: reference.model, selector: selectorOf(reference, version) };
}
