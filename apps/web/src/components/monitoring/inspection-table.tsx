/** @file The last inspections, each to be judged. */
import { formatRatio, type Inspection, scoreRatio } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { Badge, LabelBadge } from '~/components/ui/status-badge.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { formatPlural, formatScore } from '~/format/format-number.ts';
import { formatClock, formatMoment } from '~/format/format-time.ts';
import { VerdictButtons } from './verdict-buttons.tsx';

export function InspectionTable({ inspections }: { inspections: readonly Inspection[] }) {
  if (inspections.length === 0) return null;
  return (
    <Card
      title="Last inspections"
      description={`The last ${formatPlural(inspections.length, 'inspection')}, newest first. Say whether the label was right; press again to take it back.`}
    >
      <TableBox label="Inspections, newest first" stacked>
        <thead>
          <tr>
            <Th>When</Th>
            <Th>Category</Th>
            <Th>Label</Th>
            <Th className={numeric}>Score</Th>
            <Th className={numeric}>× threshold</Th>
            <Th>Verdict</Th>
          </tr>
        </thead>
        <tbody>
          {inspections.map((inspection) => (
            <Line key={inspection.id ?? inspection.at} inspection={inspection} />
          ))}
        </tbody>
      </TableBox>
    </Card>
  );
}

function Line({ inspection }: { inspection: Inspection }) {
  const { id, at, category, imageScore, threshold, predictedLabel, uncertain, verdict, image } =
    inspection;
  return (
    <tr>
      <Th scope="row" className="font-normal">
        <span className="flex items-center gap-2">
          {image === null ? null : (
            <Picture
              src={blobUrl(image, 64)}
              alt=""
              loading="lazy"
              className="size-10 rounded-sm bg-sunken object-cover"
            />
          )}
          {formatMoment(at)}
        </span>
      </Th>
      <Td label="Category">{category ?? 'pooled threshold'}</Td>
      <Td label="Label">
        <LabelBadge label={predictedLabel} />{' '}
        {uncertain ? <Badge tone="warn">uncertain</Badge> : null}
      </Td>
      <Td label="Score" className={numeric}>
        {formatScore(imageScore)}
      </Td>
      <Td label="× threshold" className={numeric}>
        {formatRatio(scoreRatio(imageScore, threshold))}
      </Td>
      <Td label="Verdict">
        {id === null ? (
          <span className="text-ink-soft">recorded without an id</span>
        ) : (
          <VerdictButtons
            id={id}
            name={`${category ?? 'the inspection'} at ${formatClock(at)}`}
            label={predictedLabel}
            initial={verdict}
          />
        )}
      </Td>
    </tr>
  );
}
