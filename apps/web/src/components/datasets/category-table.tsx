/** @file What each category of a dataset holds. */
import {
  type CategoryRegions,
  type CategorySummary,
  formatValueRange,
  ignoredShare,
  imageSizeWords,
  polygonsOf,
} from '@plumbline/contracts';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { ignorePath } from '~/format/api-paths.ts';
import { formatCount } from '~/format/format-number.ts';

interface CategoryTableProps {
  dataset: string;
  categories: CategorySummary[];
  ignore: readonly CategoryRegions[] | undefined;
  /** Of the version: later ones are made of the latest alone. */
  isLatest: boolean;
}

export function CategoryTable({ dataset, categories, ignore, isLatest }: CategoryTableProps) {
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
          <Th>Ignored</Th>
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
              {imageSizeWords(category)}
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
            <Td>
              <Ignored {...{ dataset, category: category.name, ignore, isLatest }} />
            </Td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}

interface IgnoredProps extends Omit<CategoryTableProps, 'categories'> {
  category: string;
}

function Ignored({ dataset, category, ignore, isLatest }: IgnoredProps) {
  const share = ignoredShare(polygonsOf(ignore, category));
  const words = share === 0 ? 'none' : `${(100 * share).toFixed(1)} % of each image`;
  if (!isLatest) return words;
  return (
    <TextLink
      href={ignorePath(dataset, category)}
      aria-label={`Ignore regions of ${category}: ${words}`}
    >
      {words}
    </TextLink>
  );
}
