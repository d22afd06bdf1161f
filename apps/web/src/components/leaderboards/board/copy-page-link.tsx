/** @file Copies the address of a page of this dashboard, the host included. */
'use client';

import { CopyButton } from '~/components/ui/copy-button.tsx';
import { useOrigin } from '~/components/use-origin.ts';

export function CopyPageLink({ path }: { path: string }) {
  const origin = useOrigin();
  return <CopyButton label="Copy link" text={`${origin}${path}`} />;
}
