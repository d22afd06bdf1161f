/** @file `plumb models alias`: names by which requests ask for a version, listed, set and removed. */
import { type AliasChange, DomainError, type ModelAlias } from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { type Output, table } from './output.ts';
import { versionNumber } from './version-number.ts';

/** @param models the command `plumb models` */
export function addAliasCommand(models: Command): void {
  withAction(
    models
      .command('alias')
      .argument('<name>')
      .argument('[alias]', 'such as challenger; "champion" is the promoted version')
      .argument('[version]', 'the version that it is to point to')
      .option('--remove', 'remove the alias; its version stays')
      .description('let an alias point to a version; without one, list the aliases of a model'),
    alias,
  );
}

async function alias(
  output: Output,
  name: string,
  named: string | undefined,
  version: string | undefined,
  { remove = false }: JsonOption & { remove?: boolean },
): Promise<void> {
  refuseHalf(named, version, remove);
  const { api } = await connect(output);
  if (named === undefined) {
    output.result(await api.models.aliases.query({ name }), (aliases) => listed(name, aliases));
  } else if (remove) {
    const left = await api.models.removeAlias.mutate({ name, alias: named });
    output.result(left, () => `${name}@${named} is removed.`);
  } else {
    const asked = { name, alias: named, version: versionNumber(version ?? '') };
    output.result(await api.models.setAlias.mutate(asked), (change) => describeAlias(name, change));
  }
}

function refuseHalf(alias: string | undefined, version: string | undefined, remove: boolean): void {
  const isRemoval = remove && alias !== undefined && version === undefined;
  const isChange = !remove && version !== undefined;
  const isList = !remove && alias === undefined;
  if (isRemoval || isChange || isList) return;
  throw new DomainError(
    'INVALID_INPUT',
    remove ? '--remove takes an alias, and no version.' : 'Nothing says which version is meant.',
    {
      field: remove ? 'remove' : 'version',
      fix: 'Use "plumb models alias <name> <alias> <version>", or "… <alias> --remove".',
    },
  );
}

function listed(name: string, aliases: readonly ModelAlias[]): string {
  if (aliases.length === 0)
    return `${name} has no aliases. Set one: plumb models alias ${name} challenger <version>`;
  return table(
    ['alias', 'version', 'set by', 'since'],
    aliases.map((one) => [one.alias, one.version, one.by ?? 'promotion', one.at ?? '–']),
  );
}

export function describeAlias(name: string, { alias, version, replaced }: AliasChange): string {
  if (replaced === version) return `${name}@${alias} already pointed to version ${version}.`;
  const now = `${name}@${alias} now points to version ${version}.`;
  return replaced === null
    ? now
    : `${now} It pointed to version ${replaced}; to undo: plumb models alias ${name} ${alias} ${replaced}`;
}
