/** @file Which columns the leaderboard shows; the choice is in the address. */
'use client';

import { Disclosure } from '~/components/ui/disclosure.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { COLUMN_GROUPS, type Column, toggledColumns } from './leaderboard-columns.ts';

interface ColumnChoiceProps {
  shown: readonly Column[];
  /** With the columns as they stand in the address; null for the usual ones. */
  onChange: (columns: string | null) => void;
}

export function ColumnChoice({ shown, onChange }: ColumnChoiceProps) {
  const inBrowser = useInBrowser();
  return (
    <Disclosure summary="Choose columns">
      <div className="flex flex-wrap gap-x-8 gap-y-4">
        {COLUMN_GROUPS.map((group) => (
          <fieldset key={group.title}>
            <legend className="mb-1 font-medium">{group.title}</legend>
            <div className="grid gap-1">
              {group.columns.map((column) => (
                <label key={column.key} className="flex items-center gap-2" title={column.title}>
                  <input
                    type="checkbox"
                    className="size-4 accent-accent"
                    disabled={!inBrowser}
                    checked={shown.some((one) => one.key === column.key)}
                    onChange={() => onChange(toggledColumns(shown, column.key))}
                  />
                  {column.label}
                </label>
              ))}
            </div>
          </fieldset>
        ))}
      </div>
    </Disclosure>
  );
}
