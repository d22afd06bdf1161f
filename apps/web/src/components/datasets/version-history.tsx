/** @file The versions of a dataset, latest first: how each was made, and whether results on it are comparable. */
import { type DatasetVersion, editWords } from '@plumbline/contracts';
import { DeleteButton } from '~/components/deletion/delete-button.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { formatPlural } from '~/format/format-number.ts';
import { formatMoment } from '~/format/format-time.ts';

interface VersionHistoryProps {
  dataset: string;
  versions: readonly DatasetVersion[];
  /** The one on the page. */
  shown: number;
}

export function VersionHistory({ dataset, versions, shown }: VersionHistoryProps) {
  if (versions.length < 2) return null;
  return (
    <section aria-labelledby="versions-title" className="space-y-3">
      <h2 id="versions-title" className="text-lg font-semibold">
        Versions
      </h2>
      <ol className="divide-y divide-line rounded-lg border border-line bg-surface text-sm">
        {versions.map((one) => (
          <li key={one.version} className="flex flex-wrap items-start gap-3 p-3">
            <div className="min-w-0 flex-1 space-y-1">
              <p className="flex flex-wrap gap-x-3">
                {one.version === shown ? (
                  <span aria-current="true" className="font-medium">
                    {one.datasetVersion}
                  </span>
                ) : (
                  <TextLink href={`/datasets/${dataset}?version=${one.version}`}>
                    {one.datasetVersion}
                  </TextLink>
                )}
                <span className="text-ink-soft">
                  {formatPlural(one.images, 'image')}, {formatMoment(one.createdAt)}
                </span>
              </p>
              <p className="break-words text-ink-soft">
                {one.edit === null ? 'Imported' : editWords(one.edit)}.{' '}
                {one.edit?.note ? `${one.edit.note}. ` : ''}
                {one.version === versions[0]?.version ? 'The latest version.' : testSetWords(one)}
              </p>
            </div>
            <DeleteButton
              target={{ kind: 'dataset', name: dataset, version: one.version }}
              title={`Delete version ${one.version} of ${dataset}`}
              label="Delete"
              leaveTo={`/datasets/${dataset}`}
              variant="quiet"
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

function testSetWords({ sameTestSet }: DatasetVersion): string {
  return sameTestSet
    ? 'The same test images as in the latest version.'
    : 'Other test images than in the latest version: results are not comparable.';
}
