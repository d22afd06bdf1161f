/** @file Tables that scroll inside their own box, which the keyboard can reach. */
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface TableBoxProps {
  label: string;
  /** On a phone each row becomes a block: its `Th`, then every `Td` below its `label`; buttons of the head stay. */
  stacked?: boolean;
  children: ReactNode;
}

export function TableBox({ label, stacked, children }: TableBoxProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className={classNames(
        'relative overflow-x-auto rounded-md border border-line',
        stacked && 'stacked',
      )}
    >
      <table className="w-full border-collapse bg-surface text-sm">{children}</table>
    </section>
  );
}

export function Th({ className, scope = 'col', ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope={scope}
      className={classNames(
        'border-line border-b px-3 py-2 text-left font-medium whitespace-nowrap',
        scope === 'col' && 'bg-sunken text-ink-soft',
        className,
      )}
      {...props}
    />
  );
}

/** @param props.label the column's name, for a table that is stacked on a phone */
export function Td({ className, label, ...props }: ComponentProps<'td'> & { label?: string }) {
  return (
    <td
      data-label={label}
      className={classNames(
        'border-line border-b px-3 py-2 align-middle whitespace-nowrap',
        className,
      )}
      {...props}
    />
  );
}

export const numeric = 'text-right';
