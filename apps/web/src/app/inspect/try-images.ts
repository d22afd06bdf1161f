/** @file A few test images of a model's dataset, so that a first try needs no file. */
import 'server-only';
import type { ModelVersion } from '@plumbline/contracts';
import type { TryImage } from '~/components/inspect/try-images.tsx';
import type { api } from '~/trpc/server.ts';

/** So many categories, with one image of each label. */
const CATEGORIES = 3;

/** Empty when the dataset has another version by now: its test images may be ones that this model was trained on. */
export async function tryImages(
  client: ReturnType<typeof api>,
  lineage: ModelVersion['manifest']['lineage'],
  categories: readonly string[],
): Promise<TryImage[]> {
  try {
    const dataset = await client.datasets.get.query({ name: lineage.dataset });
    if (dataset.hash !== lineage.datasetHash) return [];
    const asked = evenlySpaced([...categories].sort(), CATEGORIES).flatMap((category) =>
      (['anomalous', 'normal'] as const).map((label) => ({ category, label })),
    );
    const pages = await Promise.all(
      asked.map(({ category, label }) =>
        client.datasets.samples.query({
          name: lineage.dataset,
          split: 'test',
          category,
          label,
          limit: 1,
        }),
      ),
    );
    return pages.flatMap(({ samples }) =>
      samples.map(({ path, category, label, defectType, image }) => ({
        path,
        category,
        label,
        defectType,
        sha256: image.sha256,
      })),
    );
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
