/** @file One line for each dataset that has been trained on. */
import type { LeaderboardSummary } from '@plumbline/contracts';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';

export function LeaderboardList({ leaderboards }: { leaderboards: LeaderboardSummary[] }) {
  return (
    <TableBox label="Leaderboards" stacked>
      <thead>
        <tr>
          <Th>Dataset</Th>
          <Th>Dataset version</Th>
          <Th className={numeric}>Model versions</Th>
          <Th>Best model</Th>
          <Th className={numeric}>Best I-AUROC, %</Th>
        </tr>
      </thead>
      <tbody>
        {leaderboards.map((one) => (
          <tr key={one.dataset}>
            <Th scope="row">
              <TextLink href={`/leaderboards/${one.dataset}`}>{one.dataset}</TextLink>
            </Th>
            <Td label="Dataset version">
              <span className="font-mono text-xs">{one.datasetVersion}</span>
            </Td>
            <Td label="Model versions" className={numeric}>
              {one.rows}
            </Td>
            <Td label="Best model">{one.bestModel ?? 'none yet'}</Td>
            <Td label="Best I-AUROC, %" className={numeric}>
              {one.rows === 0 ? (
                '–'
              ) : (
                <MetricValue metric="imageAuroc" value={one.bestImageAuroc} />
              )}
            </Td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
