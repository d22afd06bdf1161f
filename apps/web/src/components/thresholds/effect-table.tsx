/** @file What thresholds mean on the test split: misses and false alarms, per category and defect type. */
import type { ThresholdCounts, ThresholdEffect } from '@plumbline/contracts';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatCount, formatShare } from '~/format/format-number.ts';

export function EffectTable({ effect }: { effect: ThresholdEffect }) {
  return (
    <TableBox label="Effect on the test split, for information only">
      <thead>
        <tr>
          <Th>Category</Th>
          <Th>Defect type</Th>
          <Th className={numeric}>Missed</Th>
          <Th className={numeric}>False alarms</Th>
          <Th className={numeric}>In band, anomalous</Th>
          <Th className={numeric}>In band, normal</Th>
        </tr>
      </thead>
      <tbody>
        <CountsRow name="All" counts={effect.total} />
        {Object.entries(effect.categories).map(([name, counts]) => (
          <CategoryRows key={name} name={name} counts={counts} />
        ))}
      </tbody>
    </TableBox>
  );
}

interface RowProps {
  name: string;
  counts: ThresholdCounts;
}

function CategoryRows({ name, counts }: RowProps) {
  return (
    <>
      <CountsRow name={name} counts={counts} />
      {Object.entries(counts.defectTypes).map(([type, of]) => (
        <tr key={type}>
          <Td />
          <Td className="text-ink-soft">{type}</Td>
          <Td className={numeric}>{countOf(of.missed, of.images)}</Td>
          <Td />
          <Td className={numeric}>{formatCount(of.inBand)}</Td>
          <Td />
        </tr>
      ))}
    </>
  );
}

function CountsRow({ name, counts }: RowProps) {
  return (
    <tr className="bg-accent-soft">
      <Th scope="row">{name}</Th>
      <Td className="text-ink-soft">
        {counts.anomalous === 0 ? 'no anomalous test image' : 'all'}
      </Td>
      <Td className={numeric}>{countOf(counts.missed, counts.anomalous)}</Td>
      <Td className={numeric}>{countOf(counts.falseAlarms, counts.normal)}</Td>
      <Td className={numeric}>{formatCount(counts.anomalousInBand)}</Td>
      <Td className={numeric}>{formatCount(counts.normalInBand)}</Td>
    </tr>
  );
}

function countOf(count: number, images: number): string {
  if (images === 0) return 'undefined';
  return `${formatCount(count)} of ${formatCount(images)} (${formatShare(count / images)})`;
}
