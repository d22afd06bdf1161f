/** @file The datasets as cards with a few of their images. */
import type { DatasetSummary } from '@plumbline/contracts';
import Link from 'next/link';
import { Picture } from '~/components/ui/picture.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { formatBytes, formatPlural } from '~/format/format-number.ts';
import { formatMoment } from '~/format/format-time.ts';

export function DatasetList({ datasets }: { datasets: DatasetSummary[] }) {
  return (
    <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {datasets.map((dataset) => (
        <li key={dataset.name}>
          <DatasetCard dataset={dataset} />
        </li>
      ))}
    </ul>
  );
}

function DatasetCard({ dataset }: { dataset: DatasetSummary }) {
  return (
    <Link
      href={`/datasets/${dataset.name}`}
      className="block h-full rounded-lg border border-line bg-surface p-4 transition-colors hover:border-accent"
    >
      <div className="grid grid-cols-4 gap-1.5">
        {dataset.preview.slice(0, 4).map((sha256) => (
          <Picture
            key={sha256}
            src={blobUrl(sha256, 160)}
            alt=""
            loading="lazy"
            className="aspect-square w-full rounded-sm bg-sunken object-cover"
          />
        ))}
      </div>
      <h2 className="mt-3 truncate font-semibold">{dataset.name}</h2>
      <p className="text-sm text-ink-soft">
        {formatPlural(dataset.images, 'image')} in{' '}
        {formatPlural(dataset.categories, 'category', 'categories')}, {formatBytes(dataset.bytes)}
      </p>
      <p className="mt-1 text-sm text-ink-soft">
        <span className="font-mono text-xs">{dataset.datasetVersion}</span>
        <br />
        {formatMoment(dataset.createdAt)}
      </p>
    </Link>
  );
}
