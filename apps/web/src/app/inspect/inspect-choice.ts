/** @file Which promoted models can inspect, and which one the URL asks for. */
import 'server-only';
import { hasDecoder } from '@plumbline/contracts';
import type { api } from '~/trpc/server.ts';

export interface InspectChoice {
  models: { name: string; promotedVersion: number }[];
  model: string;
  categories: string[];
  category: string | undefined;
  /** Whether the promoted version can show what it takes for normal. */
  decoder: boolean;
}

/** Null when no model has a promoted version. An unknown model or category in the URL is left out. */
export async function inspectChoice(
  client: ReturnType<typeof api>,
  model: unknown,
  category: unknown,
): Promise<InspectChoice | null> {
  const all = await client.models.list.query();
  const models = all.flatMap(({ name, promotedVersion }) =>
    promotedVersion === null ? [] : [{ name, promotedVersion }],
  );
  const chosen = models.find(({ name }) => name === model) ?? models[0];
  if (chosen === undefined) return null;
  const versions = await client.models.get.query({ name: chosen.name });
  const promoted = versions.find((one) => one.promoted);
  const categories = Object.keys(promoted?.manifest.thresholds?.categories ?? {}).sort();
  return {
    models,
    model: chosen.name,
    categories,
    category: categories.find((name) => name === category),
    decoder: promoted !== undefined && hasDecoder(promoted),
  };
}
