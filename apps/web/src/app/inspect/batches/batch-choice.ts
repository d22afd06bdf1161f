/** @file Models and datasets that a batch can be of. */
import 'server-only';
import type { BatchChoice } from '~/components/batches/batch-draft.ts';
import type { api } from '~/trpc/server.ts';

interface AskedFor {
  readonly model?: string | string[];
  readonly version?: string | string[];
}

/** Null before there is a model. */
export async function batchChoice(
  client: ReturnType<typeof api>,
  asked: AskedFor,
): Promise<BatchChoice | null> {
  const [models, datasets] = await Promise.all([
    client.models.list.query(),
    client.datasets.list.query(),
  ]);
  const named = models.find(({ name }) => name === asked.model);
  const chosen = named ?? models.find(({ promotedVersion }) => promotedVersion !== null);
  const model = chosen ?? models[0];
  if (model === undefined) return null;
  const version = Number(asked.version);
  return {
    models: models.map(({ name, promotedVersion, dataset }) => ({
      name,
      promotedVersion,
      dataset,
    })),
    datasets: datasets.map(({ name }) => name),
    model: model.name,
    version: named !== undefined && Number.isInteger(version) && version > 0 ? version : null,
  };
}
