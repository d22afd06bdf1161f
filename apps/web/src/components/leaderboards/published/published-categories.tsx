/** @file The image AUROC of every category, where a source gives it. */
import { type LeaderboardRow, lookUp, type PublishedBoard } from '@plumbline/contracts';
import { Badge } from '~/components/ui/status-badge.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatMetric } from '~/format/format-number.ts';

interface PublishedCategoriesProps {
  board: PublishedBoard;
  ours: readonly LeaderboardRow[];
}

export function PublishedCategories({ board, ours }: PublishedCategoriesProps) {
  const published = board.rows.filter((row) => Object.keys(row.categories).length > 0);
  if (published.length === 0) {
    return <p className="text-ink-soft">The sources only give means.</p>;
  }
  const lines = [
    ...ours.map(({ model, modelVersion, categories }) => ({
      name: `${model} v${modelVersion}`,
      badge: <Badge tone="accent">evaluated here</Badge>,
      imageAuroc: (category: string) => lookUp(categories, category)?.imageAuroc,
    })),
    ...published.map(({ method, variant, categories }) => ({
      name: variant === '' ? method : `${method}, ${variant}`,
      badge: <Badge tone="warn">published</Badge>,
      imageAuroc: (category: string) => lookUp(categories, category)?.imageAuroc,
    })),
  ];
  return (
    <TableBox label={`Image AUROC by category on ${board.title}, in percent`}>
      <thead>
        <tr>
          <Th>Method</Th>
          <Th>As</Th>
          {board.categories.map((category) => (
            <Th key={category} className={numeric}>
              {category}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, badge, imageAuroc }) => (
          <tr key={name}>
            <Th scope="row">{name}</Th>
            <Td>{badge}</Td>
            {board.categories.map((category) => (
              <Td key={category} className={numeric}>
                {valueText(imageAuroc(category))}
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}

function valueText(value: number | null | undefined): string {
  return value === undefined ? '–' : formatMetric(value);
}
