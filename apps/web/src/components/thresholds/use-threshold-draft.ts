/** @file A profile being thought about: the choice so far, the thresholds it gives and what they would mean. */
'use client';

import type {
  ExplicitThreshold,
  ThresholdChoice,
  ThresholdEffect,
  ThresholdProfile,
} from '@plumbline/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTRPCClient } from '~/trpc/client.tsx';

/** While a line is dragged the effect is asked for this often, milliseconds. */
const PAUSE_MS = 120;
/** A preview needs no reason yet. */
const UNSAID = 'not saved yet';

export type Cuts = Readonly<Record<string, ExplicitThreshold>>;

export interface ThresholdDraft {
  /** Null while nothing was changed. */
  readonly choice: ThresholdChoice | null;
  readonly cuts: Cuts;
  readonly effect: ThresholdEffect | undefined;
  /** The one on screen; while a line is being moved, the one before. */
  readonly profile: ThresholdProfile;
  readonly error: unknown;
  choose(choice: ThresholdChoice): void;
  moveTo(category: string, cuts: ExplicitThreshold): void;
  reset(): void;
}

export function useThresholdDraft(
  model: string,
  version: number,
  active: { readonly version: number; readonly profile: ThresholdProfile },
): ThresholdDraft {
  const client = useTRPCClient();
  const [choice, setChoice] = useState<ThresholdChoice | null>(null);
  const settled = useSettled(choice);
  const query = useQuery({
    queryKey: ['threshold-preview', model, version, active.version, settled],
    queryFn: async () => {
      const key = { name: model, version };
      if (settled !== null) return client.thresholds.preview.mutate({ ...key, choice: settled });
      const effect = await client.thresholds.effect.query({ ...key, profile: active.version });
      return { profile: active.profile, effect };
    },
    placeholderData: keepPreviousData,
    retry: false,
  });
  const previewed = query.data?.profile ?? active.profile;
  const byHand = choice?.by === 'hand' ? choice.categories : {};
  const cuts = { ...cutsOf(choice === null ? active.profile : previewed), ...byHand };
  return {
    choice,
    cuts,
    effect: query.data?.effect,
    profile: choice === null ? active.profile : previewed,
    error: query.error,
    choose: setChoice,
    moveTo: (category, moved) =>
      setChoice({ by: 'hand', categories: { ...cuts, [category]: moved }, note: UNSAID }),
    reset: () => setChoice(null),
  };
}

function cutsOf({ categories }: ThresholdProfile): Cuts {
  return Object.fromEntries(
    Object.entries(categories).map(([name, { imageThreshold, uncertainThreshold }]) => [
      name,
      { imageThreshold, ...(uncertainThreshold === undefined ? {} : { uncertainThreshold }) },
    ]),
  );
}

/** The value once it has rested for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  // A timer is outside of React.
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
