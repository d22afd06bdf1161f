/** @file `plumb datasets|models|runs delete`: shows what would go and what stands in the way, asks, and deletes. */
import { createInterface } from 'node:readline/promises';
import { type DeletionPlan, DomainError, deletedWords } from '@plumbline/contracts';
import type { Command } from 'commander';
import { type ApiClient, connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { type NamedVersion, namedVersion } from './named-version.ts';
import { megabytes, type Output, table } from './output.ts';

/** What is asked of the API for one kind of thing. */
interface Deletion<Target> {
  plan(api: ApiClient, target: Target): Promise<DeletionPlan>;
  remove(api: ApiClient, target: Target, seen: string): Promise<DeletionPlan>;
}

const datasetDeletion: Deletion<NamedVersion> = {
  plan: (api, target) => api.datasets.deletion.query(target),
  remove: (api, { name, version }, seen) =>
    version === undefined
      ? api.datasets.delete.mutate({ name, seen })
      : api.datasets.deleteVersion.mutate({ name, version, seen }),
};

const modelDeletion: Deletion<NamedVersion> = {
  plan: (api, target) => api.models.deletion.query(target),
  remove: (api, { name, version }, seen) =>
    version === undefined
      ? api.models.delete.mutate({ name, seen })
      : api.models.deleteVersion.mutate({ name, version, seen }),
};

const runDeletion: Deletion<{ readonly id: string }> = {
  plan: (api, target) => api.runs.deletion.query(target),
  remove: (api, { id }, seen) => api.runs.delete.mutate({ id, seen }),
};

interface DeleteOptions extends JsonOption {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** @param datasets the command `plumb datasets` */
export function addDatasetDeletion(datasets: Command): void {
  withAction(
    deleteCommand(
      datasets,
      '<name[@version]>',
      'a dataset, or one version: nuts or nuts@2',
    ).description(
      'delete a dataset or one of its versions, with the runs, models and results that rest on it',
    ),
    (output: Output, target: string, options: DeleteOptions) =>
      perform(output, datasetDeletion, namedVersion(target), options),
  );
}

/** @param models the command `plumb models` */
export function addModelDeletion(models: Command): void {
  withAction(
    deleteCommand(
      models,
      '<name[@version]>',
      'a model, or one version: nuts-rlr or nuts-rlr@2',
    ).description('delete a model or one of its versions, with the runs that made them'),
    (output: Output, target: string, options: DeleteOptions) =>
      perform(output, modelDeletion, namedVersion(target), options),
  );
}

/** @param runs the command `plumb runs` */
export function addRunDeletion(runs: Command): void {
  withAction(
    deleteCommand(runs, '<id>', 'of a run that has ended').description(
      'delete a run that has ended and made no version, with its losses, log and checkpoint',
    ),
    (output: Output, id: string, options: DeleteOptions) =>
      perform(output, runDeletion, { id }, options),
  );
}

function deleteCommand(parent: Command, argument: string, meaning: string): Command {
  return parent
    .command('delete')
    .argument(argument, meaning)
    .option('--dry-run', 'show what would go and what stands in the way, and delete nothing')
    .option('--yes', 'do not ask');
}

async function perform<Target>(
  output: Output,
  deletion: Deletion<Target>,
  target: Target,
  { dryRun = false, yes = false }: DeleteOptions,
): Promise<void> {
  const { api } = await connect(output);
  const plan = await deletion.plan(api, target);
  if (dryRun) {
    output.result(plan, (found) => describePlan(found));
    return;
  }
  // The API says what stands in the way.
  if (!yes && plan.blockers.length === 0) await ask(output, plan);
  const gone = await deletion.remove(api, target, plan.seen);
  output.result(gone, (found) => `Deleted ${found.what}: ${deletedWords(found).join(', ')}.`);
}

export function describePlan(plan: DeletionPlan): string {
  const { what, counts, items, blockers, bundleBytes } = plan;
  const named = counts.reduce((sum, { count }) => sum + count, 0) - items.length;
  return [
    `With ${what} would go: ${deletedWords(plan).join(', ')}${bundleBytes > 0 ? `; bundles of ${megabytes(bundleBytes)}` : ''}.`,
    table(
      ['what', 'name', ''],
      items.map(({ kind, name, detail }) => [kind, name, detail]),
    ),
    ...(named > 0 ? [`… and ${named} more`] : []),
    blockers.length === 0
      ? 'Nothing stands in the way.'
      : `What stands in the way:\n${blockers.map(({ reason, fix }) => `- ${reason} ${fix}`).join('\n')}`,
  ].join('\n');
}

/** @throws DomainError CANCELLED; INVALID_INPUT where nobody can be asked */
async function ask(output: Output, plan: DeletionPlan): Promise<void> {
  if (process.stdin.isTTY !== true) {
    throw new DomainError(
      'INVALID_INPUT',
      `Nobody is here to confirm the deletion of ${plan.what}.`,
      {
        fix: 'Look at it with --dry-run, then repeat the command with --yes.',
      },
    );
  }
  output.note(describePlan(plan));
  const expected = plan.typed ?? 'yes';
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`This can't be undone. Type "${expected}" to delete it: `);
  terminal.close();
  if (answer.trim() === expected) return;
  throw new DomainError('CANCELLED', 'Nothing was deleted.', {
    fix: `Repeat the command and type "${expected}", or give --yes.`,
  });
}
