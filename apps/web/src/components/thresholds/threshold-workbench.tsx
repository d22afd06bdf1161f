/** @file Moves thresholds and shows at once what that would mean. */
'use client';

import {
  type ImageResult,
  lookUp,
  type ThresholdHistory,
  thresholdNotes,
} from '@plumbline/contracts';
import { useMemo, useState } from 'react';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Skeleton } from '~/components/ui/skeleton.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { CategoryPanel } from './category-panel.tsx';
import { EffectTable } from './effect-table.tsx';
import { ProfileHistory } from './profile-history.tsx';
import { RuleForm } from './rule-form.tsx';
import { SaveProfile } from './save-profile.tsx';
import { categoryScores } from './score-scale.ts';
import { useThresholdDraft } from './use-threshold-draft.ts';

interface ThresholdWorkbenchProps {
  model: string;
  version: number;
  history: ThresholdHistory;
  images: ImageResult[];
}

export function ThresholdWorkbench({ model, version, history, images }: ThresholdWorkbenchProps) {
  const active = history.profiles.find((one) => one.active) ?? history.profiles[0];
  if (active === undefined) return null;
  return (
    <Workbench key={active.version} {...{ model, version, history, images }} active={active} />
  );
}

interface WorkbenchProps extends ThresholdWorkbenchProps {
  active: ThresholdHistory['profiles'][number];
}

function Workbench({ model, version, history, images, active }: WorkbenchProps) {
  const draft = useThresholdDraft(model, version, active);
  const [saved, setSaved] = useState<number | null>(null);
  const scores = useMemo(
    () =>
      Object.entries(active.profile.categories)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([name, threshold]) => categoryScores(name, threshold, images)),
    [active, images],
  );
  const notes = useMemo(
    () =>
      thresholdNotes(active.profile, [
        ...new Set([
          ...Object.keys(active.profile.categories),
          ...images.map(({ category }) => category),
        ]),
      ]),
    [active, images],
  );
  const savedCuts = useMemo(
    () =>
      Object.fromEntries(
        Object.entries(active.profile.categories).map(([name, one]) => [
          name,
          [one.imageThreshold, one.uncertainThreshold ?? one.imageThreshold],
        ]),
      ),
    [active],
  );
  return (
    <div className="space-y-5">
      <Card
        title="By a rule"
        description="Computed from scores of normal training images, each by a fit that did not see it. The target is the chance that another normal image is called anomalous."
      >
        <RuleForm onChoose={draft.choose} />
        <p className="mt-4 text-ink-soft text-sm">{draft.rule}</p>
        {notes.map((note) => (
          <p key={note} role="note" className="mt-2 text-sm">
            {note}
          </p>
        ))}
      </Card>
      {draft.error ? <ErrorNotice error={errorBodyOf(draft.error)} /> : null}
      <div className="grid gap-5 lg:grid-cols-2">
        {scores.map((one) => (
          <CategoryPanel
            key={one.category}
            scores={one}
            cuts={lookUp(draft.cuts, one.category) ?? active.profile.pooled}
            savedCuts={savedCuts[one.category] ?? []}
            onChange={(cuts) => draft.moveTo(one.category, cuts)}
          />
        ))}
      </div>
      {draft.choice === null ? (
        <p role="status" className="text-ink-soft text-sm">
          {saved === null
            ? `Profile ${active.version} serves. Move a line or choose a rule to see what another profile would mean.`
            : `Profile ${saved} is saved and serves.`}
        </p>
      ) : (
        <Card title="Not saved yet">
          <SaveProfile
            model={model}
            version={version}
            choice={draft.choice}
            onDiscard={draft.reset}
            onSaved={(profile) => {
              setSaved(profile);
              draft.reset();
            }}
          />
        </Card>
      )}
      <Card
        title="Effect on the test split"
        description="For information only: the test split is never used to choose a threshold, here or anywhere else."
      >
        {draft.effect ? <EffectTable effect={draft.effect} /> : <Skeleton className="h-40" />}
      </Card>
      <ProfileHistory model={model} version={version} history={history} />
    </div>
  );
}
