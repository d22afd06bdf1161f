/** @file A panel per category, with the threshold lines of the draft. */
'use client';

import { type ImageResult, lookUp, type ThresholdProfile } from '@plumbline/contracts';
import { useMemo } from 'react';
import { CategoryPanel } from './category-panel.tsx';
import { categoryScores } from './score-scale.ts';
import type { ThresholdDraft } from './use-threshold-draft.ts';

interface CategoryPanelsProps {
  draft: ThresholdDraft;
  /** The one that serves. */
  profile: ThresholdProfile;
  images: ImageResult[];
}

export function CategoryPanels({ draft, profile, images }: CategoryPanelsProps) {
  const scores = useMemo(
    () =>
      Object.entries(profile.categories)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([name, threshold]) => categoryScores(name, threshold, images)),
    [profile, images],
  );
  const savedCuts = useMemo(
    () =>
      new Map(
        Object.entries(profile.categories).map(([name, one]) => [
          name,
          [one.imageThreshold, one.uncertainThreshold ?? one.imageThreshold],
        ]),
      ),
    [profile],
  );
  return (
    <div className="grid gap-5 lg:grid-cols-2">
      {scores.map((one) => (
        <CategoryPanel
          key={one.category}
          scores={one}
          cuts={lookUp(draft.cuts, one.category) ?? profile.pooled}
          simulated={lookUp(draft.profile.categories, one.category)?.simulated}
          savedCuts={savedCuts.get(one.category) ?? []}
          onChange={(cuts) => draft.moveTo(one.category, cuts)}
        />
      ))}
    </div>
  );
}
