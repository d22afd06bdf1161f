/** @file What is not ranked and why, what is marked and why, what was measured on what. */
import { type Leaderboard, type LeaderboardRow, METRICS } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';

export function BoardNotes({ board }: { board: Leaderboard }) {
  const noted = board.rows.filter(
    (row) => row.barred !== null || row.checks.some((check) => check.status === 'marked'),
  );
  const hardware = [...new Set(board.rows.flatMap((row) => row.latencyMs.hardware ?? []))];
  return (
    <Card title="How to read this">
      <div className="max-w-prose space-y-3 text-sm">
        <p>{board.rankRule}</p>
        {hardware.length === 0 ? null : (
          <p>
            Latency is the time per image, including decoding and resizing, on {hardware.join('; ')}
            . Compare latencies only on the same hardware.
          </p>
        )}
        {board.undefinedReasons.map(({ category, metrics, reason }) => (
          <p key={`${category} ${reason}`}>
            {category}: {metrics.map((metric) => METRICS[metric].short).join(', ')} undefined:{' '}
            {reason}. Left out of the means.
          </p>
        ))}
      </div>
      {noted.length === 0 ? null : (
        <ul aria-label="Barred and marked rows" className="mt-4 space-y-3 text-sm">
          {noted.map((row) => (
            <RowNote key={`${row.model}-${row.modelVersion}`} row={row} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function RowNote({ row }: { row: LeaderboardRow }) {
  const checks = row.checks.filter((check) => check.status !== 'passed');
  // A refusal for its images is no check of its own.
  const refusal = checks.some((check) => check.status === 'barred') ? null : row.barred;
  return (
    <li>
      <span className="font-medium">
        {row.model} v{row.modelVersion}
      </span>{' '}
      {refusal === null ? null : (
        <>
          <Badge tone="bad">barred</Badge> {refusal}
        </>
      )}
      {checks.map((check) => (
        <span key={check.name} className="block">
          <Badge tone={check.status === 'barred' ? 'bad' : 'warn'}>{check.status}</Badge>{' '}
          {check.message}
          {check.files.length === 0 ? null : (
            <span className="block break-all font-mono text-xs">{check.files.join(', ')}</span>
          )}
        </span>
      ))}
    </li>
  );
}
