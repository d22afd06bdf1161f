/** @file The rule of the thresholds on screen, the way to another, and what to know of few scores. */
'use client';

import {
  falseAlarmNotes,
  type ImageResult,
  type ThresholdProfile,
  thresholdNotes,
} from '@plumbline/contracts';
import { useMemo } from 'react';
import { Card } from '~/components/ui/card.tsx';
import { RuleForm } from './rule-form.tsx';
import type { ThresholdDraft } from './use-threshold-draft.ts';

interface RuleCardProps {
  draft: ThresholdDraft;
  /** The one that serves. */
  profile: ThresholdProfile;
  images: ImageResult[];
}

export function RuleCard({ draft, profile, images }: RuleCardProps) {
  const notes = useMemo(
    () =>
      thresholdNotes(profile, [
        ...new Set([...Object.keys(profile.categories), ...images.map(({ category }) => category)]),
      ]),
    [profile, images],
  );
  return (
    <Card
      title="By a rule"
      description="Computed from scores of normal training images, each by a fit that did not see it. The target is the chance that another normal image is called anomalous."
    >
      <RuleForm onChoose={draft.choose} />
      <p className="mt-4 text-ink-soft text-sm">{draft.profile.rule}</p>
      {[...falseAlarmNotes(draft.profile), ...notes].map((note) => (
        <p key={note} role="note" className="mt-2 text-sm">
          {note}
        </p>
      ))}
    </Card>
  );
}
