/** @file Aliases of model versions, and how requests name what answers: a model, one of its aliases, one of its versions. */
import { z } from 'zod';
import { DomainError } from './errors.ts';
import { MAX_NUMBER, nameSchema } from './names.ts';

/** Always the promoted version: setting it is a promotion. */
export const CHAMPION = 'champion';

export const aliasSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}$/,
    'Use 1 to 63 lowercase letters, digits, "_" or "-", starting with a letter.',
  )
  .refine(
    (alias) => alias !== 'promoted' && alias !== 'latest',
    `"promoted" and "latest" mean something else. Use ${CHAMPION} for the promoted version.`,
  );

export const modelAliasSchema = z.object({
  alias: z.string(),
  version: z.number().int(),
  /** Who let it point there; null of `champion`, whose history is that of promotions. */
  by: z.string().nullable(),
  at: z.string().nullable(),
});
export type ModelAlias = z.infer<typeof modelAliasSchema>;

/** An alias that was set. */
export const aliasChangeSchema = modelAliasSchema.extend({
  /** The version that it pointed to; null when it is new. Setting that again takes the change back. */
  replaced: z.number().int().nullable(),
});
export type AliasChange = z.infer<typeof aliasChangeSchema>;

/** What answers: a version by its number, the promoted one, or the one that an alias points to. */
export type VersionSelector = number | HeldSelector;
/** Those that can come to point to another version. */
export type HeldSelector = 'promoted' | `@${string}`;

export interface ModelReference {
  readonly model: string;
  /** Null where only the model is named. */
  readonly selector: VersionSelector | null;
}

const REFERENCE = /^([a-z0-9][a-z0-9._-]{0,62})(?:@([a-z][a-z0-9_-]{0,62})|:([1-9][0-9]{0,9}))?$/;

/** `parts`, `parts@challenger` or `parts:3`. */
export const modelReferenceSchema = z
  .string()
  .regex(
    REFERENCE,
    'Name a model, such as parts; or an alias or a version of it: parts@challenger, parts:3.',
  )
  .transform((text): ModelReference => {
    const [, model = '', alias, version] = REFERENCE.exec(text) ?? [];
    if (alias !== undefined) return { model, selector: selectorOfAlias(alias) };
    return { model, selector: version === undefined ? null : Number(version) };
  })
  .refine(
    ({ selector }) => typeof selector !== 'number' || selector <= MAX_NUMBER,
    `A version is at most ${MAX_NUMBER}.`,
  );

export function selectorOfAlias(alias: string): HeldSelector {
  return alias === CHAMPION ? 'promoted' : `@${alias}`;
}

/**
 * @param version as another field of the request has it
 * @throws DomainError INVALID_INPUT when both say which version
 */
export function selectorOf(
  { model, selector }: ModelReference,
  version: number | undefined,
): VersionSelector {
  if (version === undefined) return selector ?? 'promoted';
  if (selector === null) return version;
  throw new DomainError('INVALID_INPUT', `The version of ${model} is named twice.`, {
    field: 'version',
    fix: `Name it once: as ${model}:${version}, or as the version of ${model}.`,
  });
}

export const aliasInput = z.object({ name: nameSchema, alias: aliasSchema });
export const setAliasInput = aliasInput.extend({
  version: z.number().int().positive().max(MAX_NUMBER),
});
