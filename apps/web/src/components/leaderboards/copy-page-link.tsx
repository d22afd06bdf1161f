/** @file Copies the address of a page of this dashboard, the host included. */
'use client';

import { useSyncExternalStore } from 'react';
import { CopyButton } from '~/components/ui/copy-button.tsx';

const never = () => () => undefined;

export function CopyPageLink({ path }: { path: string }) {
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => '',
  );
  return <CopyButton label="Copy link" text={`${origin}${path}`} />;
}
