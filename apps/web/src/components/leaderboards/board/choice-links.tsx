/** @file A choice that is in the address: links, of which one is current. */
import Link from 'next/link';
import { classNames } from '~/components/ui/class-names.ts';

interface Choice {
  readonly label: string;
  readonly href: string;
  readonly chosen: boolean;
}

export function ChoiceLinks({ label, choices }: { label: string; choices: readonly Choice[] }) {
  return (
    <nav aria-label={label} className="mb-3 flex flex-wrap gap-2 text-sm">
      {choices.map((choice) => (
        <Link
          key={choice.label}
          href={choice.href}
          scroll={false}
          aria-current={choice.chosen ? 'true' : undefined}
          className={classNames(
            'rounded-full border px-3 py-1',
            choice.chosen
              ? 'border-accent bg-accent-soft font-medium'
              : 'border-line-strong hover:bg-sunken',
          )}
        >
          {choice.label}
        </Link>
      ))}
    </nav>
  );
}
