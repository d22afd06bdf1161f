/** @file Buttons. Until React has taken over the page they take no clicks, so that none is lost. */
'use client';

import type { ComponentProps } from 'react';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { type ButtonVariant, buttonClass } from './button-class.ts';
import { classNames } from './class-names.ts';

/** A button without a look of its own. */
export function PlainButton({ disabled, type = 'button', ...props }: ComponentProps<'button'>) {
  const inBrowser = useInBrowser();
  return <button type={type} disabled={disabled === true || !inBrowser} {...props} />;
}

export function Button({
  variant,
  className,
  ...props
}: ComponentProps<'button'> & { variant?: ButtonVariant }) {
  const dimmed = props.disabled === true && 'cursor-not-allowed opacity-60';
  return <PlainButton className={buttonClass(variant, classNames(className, dimmed))} {...props} />;
}
