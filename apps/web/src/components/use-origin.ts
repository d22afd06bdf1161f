/** @file Origin of this dashboard's address; empty where the server renders. */
'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => undefined;

export function useOrigin(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin,
    () => '',
  );
}
