/** @file A few images that a model version was tested with, so that a first try needs no file. */
import 'server-only';
import type { ModelVersion } from '@plumbline/contracts';
import type { TryImage } from '~/components/inspect/try-images.tsx';
import type { api } from '~/trpc/server.ts';

/** So many categories, with one image of each label. */
const CATEGORIES = 3;

/** Those of the version's own evaluation: no other version of the dataset changes them. */
export async function tryImages(
  client: ReturnType<typeof api>,
  { model: name, version, manifest }: ModelVersion,
): Promise<TryImage[]> {
  const categories = Object.keys(manifest.categories).sort();
  const asked = evenlySpaced(categories, CATEGORIES).flatMap((category) =>
    (['anomalous', 'normal'] as const).map((label) => ({ category, label })),
  );
  try {
    const found = await Promise.all(
      asked.map((one) => client.models.images.query({ name, version, ...one, limit: 1 })),
    );
    return found.flat();
  } catch {
    // Nothing depends on them: the page takes files without.
    return [];
  }
}

function evenlySpaced<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, index) =>
    items.at(Math.floor((index * items.length) / count)),
  ).filter((item) => item !== undefined);
}
