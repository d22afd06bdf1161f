/** @file One line for each board: a dataset under a protocol, the fullest of a dataset first. */
import { type LeaderboardSummary, METRICS, type ProtocolSummary } from '@plumbline/contracts';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { leaderboardPath } from '~/format/api-paths.ts';

export function LeaderboardList({ leaderboards }: { leaderboards: LeaderboardSummary[] }) {
  return (
    <TableBox label="Leaderboards" stacked>
      <thead>
        <tr>
          <Th>Dataset</Th>
          <Th>Protocol</Th>
          <Th className={numeric}>Model versions</Th>
          <Th>Best model</Th>
          <Th className={numeric}>Best {METRICS.imageAuroc.short}, %</Th>
          <Th>Dataset version</Th>
        </tr>
      </thead>
      <tbody>
        {leaderboards.map((one) =>
          one.protocols.length === 0 ? (
            <BoardLine key={one.dataset} dataset={one} board={null} />
          ) : (
            one.protocols.map((board) => (
              <BoardLine key={`${one.dataset} ${board.protocolKey}`} dataset={one} board={board} />
            ))
          ),
        )}
      </tbody>
    </TableBox>
  );
}

interface BoardLineProps {
  dataset: LeaderboardSummary;
  /** Null while the dataset has no results. */
  board: ProtocolSummary | null;
}

function BoardLine({ dataset: { dataset, datasetVersion }, board }: BoardLineProps) {
  return (
    <tr>
      <Th scope="row">
        <TextLink href={leaderboardPath(dataset, datasetVersion, board?.protocolKey ?? null)}>
          {dataset}
          <span className="sr-only">{board === null ? '' : ` under ${board.protocol}`}</span>
        </TextLink>
      </Th>
      <Td label="Protocol">{board?.protocol ?? '–'}</Td>
      <Td label="Model versions" className={numeric}>
        {board?.rows ?? 0}
      </Td>
      <Td label="Best model">
        {board === null || board.bestModel === null ? (
          'none yet'
        ) : (
          <TextLink href={`/models/${board.bestModel}?version=${board.bestModelVersion}`}>
            {board.bestModel} v{board.bestModelVersion}
          </TextLink>
        )}
      </Td>
      <Td label={`Best ${METRICS.imageAuroc.short}, %`} className={numeric}>
        {board === null ? '–' : <MetricValue metric="imageAuroc" value={board.bestImageAuroc} />}
      </Td>
      <Td label="Dataset version">
        <span className="font-mono text-xs">{datasetVersion}</span>
      </Td>
    </tr>
  );
}
