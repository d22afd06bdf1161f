/** @file The comparison of two rows, from the choice of the rows on. */
import type { Comparison, ErrorBody, Leaderboard } from '@plumbline/contracts';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { leaderboardPath } from '~/format/api-paths.ts';
import { CopyPageLink } from '../board/copy-page-link.tsx';
import { ComparedImages } from './compared-images.tsx';
import { type ComparisonAddress, comparisonPath } from './comparison-address.ts';
import { ComparisonVerdict, ConfigurationChanges } from './comparison-facts.tsx';
import { ComparisonForm } from './comparison-form.tsx';
import { ComparisonMetrics } from './comparison-metrics.tsx';

interface ComparisonViewProps {
  address: ComparisonAddress;
  board: Leaderboard;
  /** Null while two rows are not chosen. */
  compared: { ok: true; data: Comparison } | { ok: false; error: ErrorBody } | null;
}

export function ComparisonView({ address, board, compared }: ComparisonViewProps) {
  const { dataset, datasetVersion, protocol, protocolKey } = board;
  // With both, the link shows the same again after a new dataset version.
  const stable = { ...address, datasetVersion, protocol: protocolKey };
  const link = compared?.ok ? <CopyPageLink path={comparisonPath(stable)} /> : undefined;
  return (
    <div className="space-y-6">
      <PageHeader
        parent={{
          href: leaderboardPath(dataset, datasetVersion, protocolKey),
          label: `Leaderboard of ${dataset}`,
        }}
        title="Compare two rows"
        description={`On the test split of ${dataset} ${datasetVersion}, protocol ${protocol.name}.`}
        actions={link}
      />
      {board.rows.length < 2 && compared === null ? (
        <EmptyState
          title="Nothing to compare yet"
          actions={<ButtonLink href={`/runs/new?dataset=${dataset}`}>Start a run</ButtonLink>}
        >
          A comparison needs two model versions on the same dataset version under the same protocol.
        </EmptyState>
      ) : (
        <ComparisonForm address={address} rows={board.rows} />
      )}
      {compared === null ? null : compared.ok ? (
        <>
          <ComparisonVerdict comparison={compared.data} />
          <ComparisonMetrics comparison={compared.data} address={address} />
          <ConfigurationChanges comparison={compared.data} />
          <ComparedImages comparison={compared.data} address={address} />
        </>
      ) : (
        <ErrorNotice error={compared.error} title="These two can’t be compared" />
      )}
    </div>
  );
}
