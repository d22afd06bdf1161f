/** @file How often operators disagreed with the labels, by category. */
import type { ObservedShare, VerdictCounts } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatShare } from '~/format/format-number.ts';

export function VerdictTable({ verdicts }: { verdicts: readonly VerdictCounts[] }) {
  return (
    <Card
      title="Operators’ verdicts"
      description="Shares of the judged inspections, with 95 % intervals. They hold for all inspections only if you judge without choosing, such as every alarm of a day."
    >
      {verdicts.length === 0 ? (
        <p className="text-sm text-ink-soft">
          Nobody has judged an inspection yet. Operators say of an inspection, in the list below or
          on Inspect, whether its label was right.
        </p>
      ) : (
        <TableBox label="Operators’ verdicts by category" stacked>
          <thead>
            <tr>
              <Th>Category</Th>
              <Th className={numeric}>False alarms of judged alarms</Th>
              <Th className={numeric}>Share</Th>
              <Th className={numeric}>Missed defects of judged normal</Th>
              <Th className={numeric}>Share</Th>
            </tr>
          </thead>
          <tbody>
            {verdicts.map((one) => (
              <tr key={one.category ?? ''}>
                <Th scope="row">{one.category ?? 'pooled threshold'}</Th>
                <Td label="False alarms of judged alarms" className={numeric}>
                  {one.falseAlarms} of {one.judgedAlarms}
                </Td>
                <Td label="Share" className={numeric}>
                  {shareText(one.falseAlarmShare)}
                </Td>
                <Td label="Missed defects of judged normal" className={numeric}>
                  {one.missedDefects} of {one.judgedPassed}
                </Td>
                <Td label="Share" className={numeric}>
                  {shareText(one.missedShare)}
                </Td>
              </tr>
            ))}
          </tbody>
        </TableBox>
      )}
    </Card>
  );
}

function shareText(found: ObservedShare): string {
  if (found === null) return '–';
  return `${formatShare(found.share)} (${formatShare(found.low)} to ${formatShare(found.high)})`;
}
