/** @file Deletes datasets, models and runs with all that rests on them, in one transaction, and remembers that it did. */
import {
  type DeletionPlan,
  type DeletionTarget,
  DomainError,
  MAX_NAMED_ITEMS,
} from '@plumbline/contracts';
import { type Client, type Transaction, toJson } from '../client.ts';
import { lockModel } from '../runs/run-rules.ts';
import { findDataset, lockDataset } from './dataset-deletion.ts';
import { type Found, fingerprint, removeRows } from './doomed.ts';
import { findModel } from './model-deletion.ts';
import { findRun } from './run-deletion.ts';

export interface Deleting {
  /** Who asks, as histories name them. */
  readonly by: string;
  /** Of the plan that they have seen. */
  readonly seen?: string | undefined;
}

export interface Deleted {
  readonly plan: DeletionPlan;
  readonly models: readonly string[];
}

/** A hundred thousand samples go in seconds. */
const TIMEOUT_MS = 120_000;

export class DeletionRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Changes nothing. @throws DomainError NOT_FOUND */
  async plan(target: DeletionTarget): Promise<DeletionPlan> {
    return this.#client.$transaction(async (tx) => toPlan(await find(tx, target)));
  }

  /**
   * The rows; a sweep removes the files of what no row names any more.
   * @returns what went, and the models that lost a version
   * @throws DomainError NOT_FOUND; CONFLICT while something stands in the way, or when something else would go than was seen
   */
  async delete(target: DeletionTarget, { by, seen }: Deleting): Promise<Deleted> {
    return this.#client.$transaction(
      async (tx) => {
        if (target.kind === 'dataset') await lockDataset(tx, target.name);
        if (target.kind === 'model') await lockModel(tx, target.name);
        const found = await lockFound(tx, target);
        const plan = toPlan(found);
        if (plan.blockers.length > 0) throw inTheWay(plan);
        if (seen !== undefined && seen !== plan.seen) throw changedMeanwhile(plan);
        const { runs, resultImports } = found.doomed;
        await removeRows(tx, found.doomed);
        const origins = [...runs, ...resultImports].map(({ id }) => id);
        await tx.deletion.create({ data: { by, what: plan.what, plan: toJson(plan), origins } });
        const models = found.doomed.modelVersions.map(({ model }) => model);
        return { plan, models: [...new Set(models)] };
      },
      { timeout: TIMEOUT_MS },
    );
  }
}

/** A promotion may be under way of the models that a dataset takes with it. */
async function lockFound(tx: Transaction, target: DeletionTarget): Promise<Found> {
  const found = await find(tx, target);
  const isBlocked = found.blockers.length > 0;
  if (target.kind !== 'dataset' || isBlocked) return found;
  const models = new Set(found.doomed.modelVersions.map(({ model }) => model));
  for (const model of models) await lockModel(tx, model);
  return find(tx, target);
}

function find(tx: Transaction, target: DeletionTarget): Promise<Found> {
  switch (target.kind) {
    case 'dataset':
      return findDataset(tx, target);
    case 'model':
      return findModel(tx, target);
    case 'run':
      return findRun(tx, target.id);
  }
}

type Item = DeletionPlan['items'][number];

function toPlan({ doomed, blockers, what, typed }: Found): DeletionPlan {
  const { dataset, modelVersions, models, runs, resultImports, keptImages } = doomed;
  const groups: Item[][] = [
    (dataset?.versions ?? []).map((version) => ({
      ...{ kind: 'dataset version', name: `${dataset?.name} v${version}`, detail: '' },
    })),
    models.map((name) => ({ kind: 'model', name, detail: '' })),
    modelVersions.map(({ model, version, serves }) => ({
      ...{ kind: 'model version', name: `${model}/${version}` },
      detail: serves ? 'answers predictions' : '',
    })),
    runs.map(({ id, model, status }) => ({
      ...{ kind: 'training run', name: id, detail: `${model}, ${status}` },
    })),
    resultImports.map(({ id, model, status }) => ({
      ...{ kind: 'result import', name: id, detail: `${model}, ${status}` },
    })),
    keptImages.named.map(({ key, model, version, at }) => ({
      ...{ kind: 'kept image', name: key },
      detail: `inspected by ${model}/${version} at ${at.toISOString()}`,
    })),
  ];
  return {
    what,
    typed,
    counts: groups.flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const isCut = first.kind === 'kept image';
      return [{ kind: first.kind, count: isCut ? keptImages.count : group.length }];
    }),
    items: groups.flatMap((group) => group.slice(0, MAX_NAMED_ITEMS)),
    blockers: [...blockers],
    bundleBytes: modelVersions.reduce((sum, { bytes }) => sum + bytes, 0),
    seen: fingerprint(doomed),
  };
}

function inTheWay({ what, blockers }: DeletionPlan): DomainError {
  const named = blockers.slice(0, 5);
  const more = blockers.length - named.length;
  const reasons = named.map(({ reason }) => reason).join(' ');
  return new DomainError(
    'CONFLICT',
    `You can't delete ${what} yet. ${reasons}${more > 0 ? ` And ${more} more.` : ''}`,
    { fix: [...new Set(named.map(({ fix }) => fix))].join(' ') },
  );
}

function changedMeanwhile({ what }: DeletionPlan): DomainError {
  return new DomainError('CONFLICT', `Something else would go with ${what} than you have seen.`, {
    field: 'seen',
    fix: 'Look at what would go, and delete it again.',
  });
}
