/** @file Moves thresholds and shows at once what that would mean. */
'use client';

import type { ImageResult, ThresholdHistory, ThresholdProfileVersion } from '@plumbline/contracts';
import { useState } from 'react';
import { ForRole } from '~/components/access/caller.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Skeleton } from '~/components/ui/skeleton.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { CategoryPanels } from './category-panels.tsx';
import { EffectTable } from './effect-table.tsx';
import { ProfileHistory } from './profile-history.tsx';
import { RuleCard } from './rule-card.tsx';
import { SaveProfile } from './save-profile.tsx';
import { type ThresholdDraft, useThresholdDraft } from './use-threshold-draft.ts';

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
  active: ThresholdProfileVersion;
}

function Workbench({ model, version, history, images, active }: WorkbenchProps) {
  const draft = useThresholdDraft(model, version, active);
  return (
    <div className="space-y-5">
      <RuleCard draft={draft} profile={active.profile} images={images} />
      {draft.error ? <ErrorNotice error={errorBodyOf(draft.error)} /> : null}
      <CategoryPanels draft={draft} profile={active.profile} images={images} />
      <DraftState model={model} version={version} active={active} draft={draft} />
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

interface DraftStateProps {
  model: string;
  version: number;
  active: ThresholdProfileVersion;
  draft: ThresholdDraft;
}

/** Which profile serves; or the form that saves the one on screen. */
function DraftState({ model, version, active, draft }: DraftStateProps) {
  const [saved, setSaved] = useState<number | null>(null);
  if (draft.choice === null)
    return (
      <p role="status" className="text-ink-soft text-sm">
        {saved === null
          ? `Profile ${active.version} serves. Move a line or choose a rule to see what another profile would mean.`
          : `Profile ${saved} is saved and serves.`}
      </p>
    );
  return (
    <Card title="Not saved yet">
      <ForRole least="engineer" what="Saving a threshold profile">
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
      </ForRole>
    </Card>
  );
}
