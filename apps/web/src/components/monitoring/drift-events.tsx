/** @file When drift began and ended. */
import { DRIFT_STATE_WORDS, type DriftEvent } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { formatMoment } from '~/format/format-time.ts';
import { DRIFT_TONES } from './drift-texts.ts';

const SHOWN = 10;

export function DriftEvents({ events }: { events: readonly DriftEvent[] }) {
  if (events.length === 0) return null;
  return (
    <Card title="Changes of drift">
      <ul className="space-y-2 text-sm">
        {events.slice(0, SHOWN).map(({ at, category, from, to, features }) => (
          <li key={`${at} ${category ?? ''}`}>
            <Badge tone={DRIFT_TONES[to]}>{DRIFT_STATE_WORDS[to]}</Badge>{' '}
            <span className="font-medium">{category ?? 'pooled threshold'}</span>
            {to === 'warning' || to === 'drifted' ? ` by ${features.join(', ')}` : ''}, after{' '}
            {DRIFT_STATE_WORDS[from]} <span className="text-ink-soft">{formatMoment(at)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
