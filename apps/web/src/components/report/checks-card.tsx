/** @file The checks before a result may enter a leaderboard. */
import type { EvaluationCheck } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { CHECK_TONES } from '~/format/check-tone.ts';

export function ChecksCard({ checks }: { checks: readonly EvaluationCheck[] }) {
  return (
    <Card title="Checks" description="A barred result is shown with the reason, but not ranked.">
      {checks.length === 0 ? (
        <p className="text-ink-soft text-sm">No checks were made for this version.</p>
      ) : (
        <ul className="space-y-3 text-sm">
          {checks.map((check) => (
            <li key={check.name}>
              <Badge tone={CHECK_TONES[check.status]}>{check.status}</Badge>{' '}
              <span className="font-medium">{check.name.replaceAll('-', ' ')}</span>
              <span className="block text-ink-soft">{check.message}</span>
              {check.files.length === 0 ? null : (
                <span className="block font-mono text-xs break-all">{check.files.join(', ')}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
