/** @file A link in running text or a table. */
import Link from 'next/link';
import type { ComponentProps } from 'react';

export function TextLink(props: ComponentProps<typeof Link>) {
  return (
    <Link
      className="font-medium text-accent underline decoration-line-strong underline-offset-4 hover:decoration-accent"
      {...props}
    />
  );
}
