/** @file What each category of a dataset holds. */
import { type CategorySummary, formatValueRange } from '@plumbline/contracts';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { formatCount } from '~/format/format-number.ts';

export function CategoryTable({
  dataset,
  categories,
}: {
  dataset: string;
  categories: CategorySummary[];
}) {
  return (
    <TableBox label="Categories">
      <thead>
        <tr>
          <Th>Category</Th>
          <Th className={numeric}>Train</Th>
          <Th className={numeric}>Test, normal</Th>
          <Th className={numeric}>Test, anomalous</Th>
          <Th className={numeric}>Masks</Th>
          <Th>Image size, px</Th>
          <Th>Defect types</Th>
        </tr>
      </thead>
      <tbody>
        {categories.map((category) => (
          <tr key={category.name}>
            <Th scope="row">
              <TextLink
                href={`/datasets/${dataset}?category=${encodeURIComponent(category.name)}#images`}
              >
                {category.name}
              </TextLink>
            </Th>
            <Td className={numeric}>{formatCount(category.train)}</Td>
            <Td className={numeric}>{formatCount(category.testNormal)}</Td>
            <Td className={numeric}>{formatCount(category.testAnomalous)}</Td>
            <Td className={numeric}>{formatCount(category.masks)}</Td>
            <Td>
              {imageSizes(category)}
              {category.range ? (
                <span className="block text-sm text-ink-soft">
                  values {formatValueRange(category.range)}
                </span>
              ) : null}
            </Td>
            <Td>
              {category.defectTypes.map((type) => `${type.name} (${type.samples})`).join(', ') ||
                'none'}
            </Td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}

function imageSizes(category: CategorySummary): string {
  const smallest = `${category.minWidth} × ${category.minHeight}`;
  const largest = `${category.maxWidth} × ${category.maxHeight}`;
  return smallest === largest ? smallest : `${smallest} to ${largest}`;
}
