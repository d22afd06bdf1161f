/** @file What is not ranked and why, what is marked and why, what was measured on what. */
import { CORE_METRIC_NAMES, type Leaderboard, METRICS, meanNotes } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { CHECK_TONES } from '~/format/check-tone.ts';
import { type RowNote, rowNotes } from './row-notes.ts';

export function BoardNotes({ board }: { board: Leaderboard }) {
  const notes = rowNotes(board.rows);
  const hardware = [...new Set(board.rows.flatMap((row) => row.latencyMs.hardware ?? []))];
  return (
    <Card title="How to read this">
      <div className="max-w-prose space-y-3 text-sm">
        <p>{board.rankRule}</p>
        {hardware.length === 0 ? null : (
          <p>
            Latency is the time of an image by itself, including decoding and resizing, on{' '}
            {hardware.join('; ')}. Compare latencies only on the same hardware.
          </p>
        )}
        {board.undefinedReasons.map(({ category, metrics, reason }) => (
          <p key={`${category} ${reason}`}>
            {category}: {metrics.map((metric) => METRICS[metric].short).join(', ')} undefined:{' '}
            {reason}. Left out of the means.
          </p>
        ))}
        {meanNotes(board, CORE_METRIC_NAMES).map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
      {notes.length === 0 ? null : (
        <ul aria-label="Barred and marked rows" className="mt-4 space-y-3 text-sm">
          {notes.map((note) => (
            <NoteItem key={note.rows.join()} note={note} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function NoteItem({ note: { rows, refusal, checks } }: { note: RowNote }) {
  return (
    <li>
      <span className="font-medium">{rows.join(', ')}</span>{' '}
      {refusal === null ? null : (
        <>
          <Badge tone="bad">barred</Badge> {refusal}
        </>
      )}
      {checks.map((check) => (
        <span key={check.name} className="block">
          <Badge tone={CHECK_TONES[check.status]}>{check.status}</Badge> {check.message}
          {check.files.length === 0 ? null : (
            <span className="block break-all font-mono text-xs">{check.files.join(', ')}</span>
          )}
        </span>
      ))}
    </li>
  );
}
