/** @file What the paired test says of two rows, and in which settings they differ. */
import { type Comparison, type LeaderboardRow, METRICS } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { formatMilliseconds, formatPlural } from '~/format/format-number.ts';
import { changedSettings } from './changed-settings.ts';
import { formatPoints } from './comparison-metrics.tsx';

export function ComparisonVerdict({ comparison }: { comparison: Comparison }) {
  const { a, b, test, agreement } = comparison;
  const { interval } = test;
  return (
    <Card title="Which is better">
      <p className="mb-4 max-w-prose">{test.words}</p>
      <Facts>
        <RowFact side="A" row={a} />
        <RowFact side="B" row={b} />
        <Fact term={`${METRICS[test.metric].long}, A − B`}>
          {test.difference === null ? 'undefined' : `${formatPoints(test.difference, 2)} points`}
        </Fact>
        <Fact term="95 % interval">
          {interval === null
            ? 'undefined'
            : `${formatPoints(interval.low, 2)} to ${formatPoints(interval.high, 2)} points`}
        </Fact>
        <Fact term="p">{test.pValue === null ? 'undefined' : test.pValue.toFixed(4)}</Fact>
        <Fact term="Predicted labels">
          {agreement.disagreeing === 0
            ? `no two differ, of ${formatPlural(agreement.images, 'test image')}`
            : `${agreement.disagreeing} of ${formatPlural(agreement.images, 'test image')} differ: A alone is right on ${agreement.onlyARight}, B alone on ${agreement.onlyBRight}`}
        </Fact>
      </Facts>
    </Card>
  );
}

function RowFact({ side, row }: { side: string; row: LeaderboardRow }) {
  return (
    <Fact
      term={`${side}${row.rank === null ? `, ${row.barred === null ? 'not ranked' : 'barred'}` : `, rank ${row.rank}`}`}
    >
      <TextLink href={`/models/${row.model}?version=${row.modelVersion}`}>
        {row.model} v{row.modelVersion}
      </TextLink>
      <span className="block font-normal text-ink-soft">
        {row.latencyMs.p50 === null
          ? 'latency not measured'
          : `${formatMilliseconds(row.latencyMs.p50)} an image`}
      </span>
    </Fact>
  );
}

export function ConfigurationChanges({ comparison }: { comparison: Comparison }) {
  const configuration = changedSettings(comparison.configuration);
  return (
    <Card
      title="What changed"
      description="The settings in which the two differ. All others are the same."
    >
      {configuration.length === 0 ? (
        <p className="text-sm">Nothing: every recorded setting is the same.</p>
      ) : (
        <TableBox label="Settings that differ" stacked>
          <thead>
            <tr>
              <Th>Setting</Th>
              <Th>A</Th>
              <Th>B</Th>
            </tr>
          </thead>
          <tbody>
            {configuration.map(({ setting, a, b }) => (
              <tr key={setting}>
                <Th scope="row">{setting}</Th>
                <SettingCell side="A" value={a} />
                <SettingCell side="B" value={b} />
              </tr>
            ))}
          </tbody>
        </TableBox>
      )}
    </Card>
  );
}

function SettingCell({ side, value }: { side: string; value: string | null }) {
  if (value === null) {
    return (
      <Td label={side} className="text-ink-soft italic">
        not a setting of it
      </Td>
    );
  }
  return (
    <Td label={side} className="whitespace-normal! sm:min-w-32">
      <span className="wrap-anywhere font-mono text-xs">{value}</span>
    </Td>
  );
}
