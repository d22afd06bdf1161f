/** @file What the import noticed: warnings, and files that hold the same image, or nearly. */
import type { ImportReport } from '@plumbline/contracts';
import { Notice } from '~/components/ui/notice.tsx';
import { formatPlural } from '~/format/format-number.ts';
import { NearDuplicatePairs } from './near-duplicate-pairs.tsx';

const SHOWN_GROUPS = 100;

interface ImportFindingsProps {
  report: ImportReport;
  dataset: string;
  isLatest: boolean;
}

export function ImportFindings({ report, dataset, isLatest }: ImportFindingsProps) {
  return (
    <div className="space-y-4">
      {report.warnings.length > 0 ? (
        <Notice>
          <p className="font-medium">{formatPlural(report.warnings.length, 'warning')}</p>
          <ul className="mt-1 list-disc space-y-1 pl-5">
            {report.warnings.map((warning) => (
              <li key={`${warning.code}-${warning.category}-${warning.message}`}>
                {warning.message}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {report.nearDuplicates && report.nearDuplicates.pairs.length > 0 ? (
        <NearDuplicatePairs {...report.nearDuplicates} dataset={dataset} isLatest={isLatest} />
      ) : null}
      {report.identicalImages.length > 0 ? <IdenticalImages report={report} /> : null}
    </div>
  );
}

function IdenticalImages({ report }: { report: ImportReport }) {
  const groups = report.identicalImages;
  return (
    <details className="rounded-lg border border-line bg-surface p-4 text-sm">
      <summary className="font-medium">
        {formatPlural(groups.length, 'group')} of files with the same image
      </summary>
      <ul className="mt-3 space-y-3">
        {groups.slice(0, SHOWN_GROUPS).map((group) => (
          <li key={group.sha256} className="font-mono text-xs break-all">
            {group.files.join(' = ')}
          </li>
        ))}
      </ul>
      {groups.length > SHOWN_GROUPS ? (
        <p className="mt-3 text-ink-soft">
          and {formatPlural(groups.length - SHOWN_GROUPS, 'more group')}
        </p>
      ) : null}
    </details>
  );
}
