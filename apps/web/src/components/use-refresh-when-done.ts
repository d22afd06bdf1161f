/** @file What the server rendered is stale once something under way has ended. */
'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';

/** Asks the server for the page anew when `active` turns from true to false. */
export function useRefreshWhenDone(active: boolean): void {
  const router = useRouter();
  const wasActive = useRef(active);
  useEffect(() => {
    if (wasActive.current && !active) router.refresh();
    wasActive.current = active;
  }, [active, router]);
}
