/** @file Which version answered predictions since when, and the way back to the one before. */
import { isTrained, type ModelVersion, type PromotionEvent } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { formatMoment } from '~/format/format-time.ts';
import { PromoteButton } from './promote-button.tsx';

interface PromotionHistoryProps {
  versions: ModelVersion[];
  /** Newest first. */
  events: PromotionEvent[];
}

export function PromotionHistory({ versions, events }: PromotionHistoryProps) {
  const [latest] = events;
  if (latest === undefined) return null;
  const before = versions.find((one) => one.version === latest.replaced);
  return (
    <Card
      title="Promotions"
      description="Which version answered predictions that name no version, and since when."
      actions={
        before !== undefined && isTrained(before) ? (
          <PromoteButton
            model={before.model}
            version={before.version}
            label={`Go back to version ${before.version}`}
          />
        ) : null
      }
    >
      <ol className="space-y-1.5 text-sm">
        {events.map(({ version, replaced, by, at }) => (
          <li key={`${at} ${version}`}>
            <span className="font-medium">Version {version}</span> since {formatMoment(at)}
            {replaced === null ? '' : `, in place of version ${replaced}`}{' '}
            <span className="text-ink-soft">({promotedBy(by)})</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** A first version is promoted by what published it. */
function promotedBy(by: string): string {
  return by === 'training run' ? 'first version, promoted automatically' : `promoted by: ${by}`;
}
