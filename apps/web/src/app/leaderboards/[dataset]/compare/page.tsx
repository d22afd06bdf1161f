/** @file Two rows of a leaderboard side by side; which two is in the address. */
import type { Metadata } from 'next';
import {
  parseComparison,
  type Search,
} from '~/components/leaderboards/compare/comparison-address.ts';
import { ComparisonView } from '~/components/leaderboards/compare/comparison-view.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { load, loadNamed } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';

interface ComparePageProps {
  params: Promise<{ dataset: string }>;
  searchParams: Promise<Search>;
}

export async function generateMetadata({
  params,
  searchParams,
}: ComparePageProps): Promise<Metadata> {
  const { dataset, a, b } = parseComparison(
    decodeURIComponent((await params).dataset),
    await searchParams,
  );
  if (a === null || b === null) return { title: `Compare two rows on ${dataset}` };
  return { title: `${a} against ${b} on ${dataset}` };
}

export default async function ComparePage({ params, searchParams }: ComparePageProps) {
  const dataset = decodeURIComponent((await params).dataset);
  const address = parseComparison(dataset, await searchParams);
  const { a, b, images, category } = address;
  const board = {
    dataset,
    ...(address.datasetVersion === null ? {} : { datasetVersion: address.datasetVersion }),
    ...(address.protocol === null ? {} : { protocol: address.protocol }),
  };
  const compared =
    a === null || b === null
      ? null
      : await load(
          api().leaderboards.compare.query({
            ...{ ...board, a, b, images },
            ...(category === null ? {} : { category }),
          }),
        );
  // The rows to choose from are those of the board that the two are on.
  const shown = compared?.ok
    ? { dataset, datasetVersion: compared.data.datasetVersion, protocol: compared.data.protocolKey }
    : board;
  const loaded = await loadNamed(api().leaderboards.get.query(shown));
  if (!loaded.ok) return <LoadFailure title={`Compare rows on ${dataset}`} error={loaded.error} />;
  return <ComparisonView address={address} board={loaded.data} compared={compared} />;
}
