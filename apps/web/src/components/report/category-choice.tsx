/** @file Whose curves, or inspections, are shown; the choice is in the address. */
import Link from 'next/link';
import { classNames } from '~/components/ui/class-names.ts';

interface CategoryChoiceProps {
  base: string;
  categories: readonly string[];
  chosen: string | null;
  /** For who hears the page. */
  label?: string;
}

export function CategoryChoice({
  base,
  categories,
  chosen,
  label = 'Category of the curves',
}: CategoryChoiceProps) {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-2 text-sm">
      {[null, ...categories].map((category) => (
        <Link
          key={category ?? ''}
          href={category === null ? base : `${base}?category=${encodeURIComponent(category)}`}
          scroll={false}
          aria-current={category === chosen ? 'true' : undefined}
          className={classNames(
            'rounded-full border px-3 py-1',
            category === chosen
              ? 'border-accent bg-accent-soft font-medium'
              : 'border-line-strong hover:bg-sunken',
          )}
        >
          {category ?? 'all together'}
        </Link>
      ))}
    </nav>
  );
}
