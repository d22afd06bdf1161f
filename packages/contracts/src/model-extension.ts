/** @file Model versions that were made by adding images to another, without fitting again. */
import { z } from 'zod';
import { type Sample, sampleSchema } from './dataset-sample.ts';
import { DomainError } from './errors.ts';
import type { EvaluationCheck } from './evaluation.ts';
import { METHODS, methodDefinition } from './methods/index.ts';
import { MAX_NUMBER, nameSchema } from './names.ts';

/** In the bundle of a version that images can be added to: what its bank needs beside the graph. */
export const BANK_STATE_FILE = 'bank-state.safetensors';

const versionSchema = z.number().int().positive().max(MAX_NUMBER);

/** What is added to which version, as a run is told. */
export const extensionRequestSchema = z.object({
  version: versionSchema,
  /** Its normal training images are added, those that the version knows already left out. */
  from: nameSchema,
  /** Whether the new version is evaluated on the test split; that takes longer than adding. */
  evaluate: z.boolean().default(false),
});
export type ExtensionRequest = z.infer<typeof extensionRequestSchema>;

export const extendModelInput = extensionRequestSchema.extend({ name: nameSchema });
export type ExtendModelInput = z.infer<typeof extendModelInput>;

/** What a version is that goes on from another. */
export const modelExtensionSchema = z.object({
  /** Version of the same model. */
  parent: versionSchema,
  /** Dataset that the images come from, and its version. */
  from: nameSchema,
  fromVersion: z.string(),
  /** Images added to the parent. */
  added: z.array(sampleSchema).min(1),
  /** Images that the parent had been given beyond its dataset version. */
  addedBefore: z.array(sampleSchema),
  evaluated: z.boolean(),
});
export type ModelExtension = z.infer<typeof modelExtensionSchema>;

/** Normal training images beyond those that a model version knows: each different one once, in their order. */
export function imagesToAdd(known: readonly Sample[], from: readonly Sample[]): Sample[] {
  const keyOf = ({ category, image }: Sample) => `${category}/${image.sha256}`;
  const seen = new Set(known.filter(isNormalTraining).map(keyOf));
  return from.filter((sample) => {
    if (!isNormalTraining(sample) || seen.has(keyOf(sample))) return false;
    seen.add(keyOf(sample));
    return true;
  });
}

export function nothingToAdd(from: string): DomainError {
  return new DomainError(
    'CONFLICT',
    `The version knows every normal training image of "${from}" already.`,
    {
      field: 'from',
      fix: 'Name a dataset with further ones.',
    },
  );
}

function isNormalTraining({ split, label }: Sample): boolean {
  return split === 'train' && label === 'normal';
}

/** Why a version is on no board: what it knows is more than its dataset version has. */
export function extensionCheck({
  parent,
  added,
  addedBefore,
  evaluated,
}: ModelExtension): EvaluationCheck {
  const count = added.length + addedBefore.length;
  const images = count === 1 ? '1 image' : `${count} images`;
  return {
    name: 'images-beyond-the-dataset',
    status: 'barred',
    message: `It goes on from version ${parent} and knows ${images} beyond the training images of its dataset version, so it can't be ranked with models that were trained on these alone.${evaluated ? '' : ' It was not evaluated.'}`,
    files: added.map(({ path }) => path),
  };
}

/** The fields of a manifest that say whether images can be added. */
export interface ExtendableFacts {
  readonly method: string;
  readonly files: readonly { readonly name: string }[];
}

export function isExtendable({ files }: ExtendableFacts): boolean {
  return files.some(({ name }) => name === BANK_STATE_FILE);
}

/** @throws DomainError CONFLICT with what to do instead. */
export function assertExtendable(facts: ExtendableFacts): void {
  if (isExtendable(facts)) return;
  const able = METHODS.map(methodDefinition).filter((one) => one.extends === true);
  const own = able.some(({ name }) => name === facts.method);
  throw new DomainError(
    'CONFLICT',
    own
      ? 'Images can’t be added to this version: its bank has no room for all images, it sees tiles or turned pictures, or it is of before this was possible.'
      : `Images can’t be added to a model of the method ${facts.method}: it would have to be fitted again.`,
    {
      field: 'version',
      fix: own
        ? 'Train again with the images in the dataset, with a larger bankMb where the bank is full.'
        : `Train again with the images in the dataset, or use ${able.map(({ title }) => title).join(' or ')}.`,
    },
  );
}
