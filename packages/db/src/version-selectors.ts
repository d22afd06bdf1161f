/** @file Which version of a model a request means, and what it is told where there is none. */
import type { DomainError, VersionSelector } from '@plumbline/contracts';
import { type Client, notFound, type Transaction } from './client.ts';

/**
 * @param promoted the model's promoted version
 * @throws DomainError NOT_FOUND: none is promoted, or there is no such alias
 */
export async function numberOf(
  client: Client | Transaction,
  model: { readonly name: string; readonly promotedVersion: number | null },
  selector: VersionSelector | 'latest',
): Promise<number | 'latest'> {
  if (typeof selector === 'number' || selector === 'latest') return selector;
  const { name, promotedVersion } = model;
  if (selector === 'promoted') {
    if (promotedVersion === null) throw noneServes(name);
    return promotedVersion;
  }
  const alias = selector.slice(1);
  const row = await client.modelAlias.findUnique({
    where: { modelName_alias: { modelName: name, alias } },
  });
  if (row === null) throw aliasNotFound(name, alias);
  return row.version;
}

/** @throws DomainError NOT_FOUND: it was deleted while it was looked at. */
export async function assertVersion(tx: Transaction, name: string, version: number): Promise<void> {
  if ((await tx.modelVersion.count({ where: { modelName: name, version } })) > 0) return;
  throw notFound('version', `${name}/${version}`, `See \`plumb models show ${name}\`.`);
}

export function modelNotFound(name: string): DomainError {
  return notFound('model', name, 'List the models with `plumb models list`.');
}

export function aliasNotFound(name: string, alias: string): DomainError {
  const fix = `See those there are with \`plumb models alias ${name}\`.`;
  return notFound('alias', `${name}@${alias}`, fix);
}

function noneServes(name: string): DomainError {
  return notFound(
    'promoted version of',
    name,
    `Promote one with \`plumb models promote ${name} <version>\`, or name a version.`,
  );
}
