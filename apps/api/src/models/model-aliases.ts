/** @file Aliases: set as a version is promoted, so that requests that name one are answered without a gap. */
import {
  type AliasChange,
  CHAMPION,
  DomainError,
  type ModelAlias,
  selectorOfAlias,
} from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { holderOf } from '../serving/served-models.ts';
import { promoteVersion } from './promote-version.ts';

export interface AliasInput {
  readonly name: string;
  readonly alias: string;
}

/**
 * Setting what it replaced takes a change back.
 * @throws DomainError NOT_FOUND; CONFLICT for imported results; UNAVAILABLE when the graph can't be loaded, and then it points to what it did
 */
export async function setAlias(
  context: Context,
  { name, alias, version }: AliasInput & { readonly version: number },
): Promise<AliasChange> {
  if (alias === CHAMPION) {
    const { replaced } = await promoteVersion(context, name, version);
    return { alias, version, by: null, at: null, replaced };
  }
  const { database, inference, principal, served } = context;
  const next = await served.get(name, version);
  const holder = holderOf(name, selectorOfAlias(alias));
  await inference.warm(next, holder);
  const change = await database.aliases.set(name, { alias, version, by: principal.name });
  inference.hold(holder, next);
  await served.refresh(name);
  return change;
}

/** Requests that name it get NOT_FOUND from then on. @returns Those that are left. @throws DomainError NOT_FOUND; CONFLICT for `champion` */
export async function removeAlias(
  { database, served }: Context,
  { name, alias }: AliasInput,
): Promise<ModelAlias[]> {
  if (alias === CHAMPION)
    throw new DomainError('CONFLICT', `${CHAMPION} is the promoted version, whichever it is.`, {
      field: 'alias',
      fix: 'Promote another version, or delete the model.',
    });
  await database.aliases.remove(name, alias);
  await served.forget(name);
  return database.aliases.list(name);
}
