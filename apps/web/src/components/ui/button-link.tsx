/** @file A link that looks like a button. */
import Link from 'next/link';
import type { ComponentProps } from 'react';
import { type ButtonVariant, buttonClass } from './button-class.ts';

export function ButtonLink({
  variant,
  className,
  ...props
}: ComponentProps<typeof Link> & { variant?: ButtonVariant }) {
  return <Link className={buttonClass(variant, className)} {...props} />;
}
