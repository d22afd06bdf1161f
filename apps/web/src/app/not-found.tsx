/** @file An address that leads nowhere. */
import type { Metadata } from 'next';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { PlumbBob } from '~/components/ui/plumb-bob.tsx';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <div className="flex flex-col items-center py-10 text-center">
      <PlumbBob className="h-24 w-10 -rotate-12 text-accent" />
      <h1 className="mt-6 text-2xl font-semibold">There is nothing here</h1>
      <p className="mt-2 max-w-prose text-ink-soft">
        The address is mistyped, or nothing on this platform has that name.
      </p>
      <div className="mt-6 flex flex-wrap justify-center gap-2">
        <ButtonLink href="/">Overview</ButtonLink>
        <ButtonLink href="/datasets" variant="secondary">
          Datasets
        </ButtonLink>
      </div>
    </div>
  );
}
