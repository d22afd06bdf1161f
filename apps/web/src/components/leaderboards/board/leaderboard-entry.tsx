/** @file One row of the leaderboard. A barred row has no rank; a marked one has a remark. */
import type { LeaderboardRow } from '@plumbline/contracts';
import { classNames } from '~/components/ui/class-names.ts';
import { Badge } from '~/components/ui/status-badge.tsx';
import { numeric, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { leaderboardRowId } from '~/format/api-paths.ts';
import { LeaderboardCell } from './leaderboard-cell.tsx';
import { type Column, isNumeric } from './leaderboard-columns.ts';

interface LeaderboardEntryProps {
  row: LeaderboardRow;
  columns: readonly Column[];
  /** Rows that share its rank, itself included. */
  sharing: number;
  /** Of the board. */
  datasetVersion: string;
}

export function LeaderboardEntry(props: LeaderboardEntryProps) {
  const { row, columns, sharing, datasetVersion } = props;
  const marked = row.checks.some((check) => check.status === 'marked');
  return (
    <tr
      id={leaderboardRowId(row.model, row.modelVersion)}
      className={classNames(
        'scroll-mt-20 target:bg-accent-soft',
        row.rank === null && 'text-ink-soft',
      )}
    >
      <Td label="Rank" className={numeric}>
        {row.rank ?? (
          <span title={row.barred === null ? 'Nothing to rank by' : 'Barred: not ranked'}>–</span>
        )}
        {row.rank !== null && sharing > 1 ? (
          <span className="block text-ink-soft text-xs">shared by {sharing}</span>
        ) : null}
      </Td>
      <Th scope="row">
        <TextLink href={`/models/${row.model}?version=${row.modelVersion}`}>
          {row.model} v{row.modelVersion}
        </TextLink>
        {row.datasetVersion === datasetVersion ? null : (
          <span className="block font-normal text-ink-soft text-xs">
            trained on {row.datasetVersion}, the same test images
          </span>
        )}
        {row.barred === null ? null : (
          <span className="ml-2">
            <Badge tone="bad">barred</Badge>
          </span>
        )}
        {marked ? (
          <span className="ml-2">
            <Badge tone="warn">marked</Badge>
          </span>
        ) : null}
      </Th>
      {columns.map(({ key, label }) => (
        <Td key={key} label={label} className={isNumeric(key) ? numeric : undefined}>
          <LeaderboardCell row={row} column={key} />
        </Td>
      ))}
    </tr>
  );
}
