/** @file What to train: dataset, method, preset, backbone, seed and the model that gets the new version. */
'use client';

import {
  type BackboneSummary,
  type LeaderboardSummary,
  methodDefinition,
  type Run,
} from '@plumbline/contracts';
import { SuspectNotice } from '~/components/suspects/suspect-notice.tsx';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { BackboneChoice } from './backbone-choice.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { ProtocolNote } from './protocol-note.tsx';
import { RunEstimateNote } from './run-estimate.tsx';
import { BasicSettings, SettingsFields } from './settings-fields.tsx';
import { SmallMaskNotice } from './small-mask-notice.tsx';
import { preparedImagesOf, type TrainingDraft } from './training-draft.ts';
import {
  DatasetAndMethod,
  DecoderSwitch,
  PrecisionChoice,
  SeedAndName,
} from './training-fields.tsx';
import { useStartRun } from './use-start-run.ts';

interface StartRunFormProps {
  datasets: string[];
  initialDataset: string;
  /** A run that this one is to be like. */
  like: Run | null;
  backbones: BackboneSummary[];
  boards: LeaderboardSummary[];
}

export function StartRunForm(props: StartRunFormProps) {
  const { datasets, initialDataset, like, backbones, boards } = props;
  const inBrowser = useInBrowser();
  const run = useStartRun(initialDataset, like);
  const { draft, change, problemAt } = run;
  const { dataset, preset } = draft;
  const prepared = preparedImagesOf(draft);
  const board = boards.find((one) => one.dataset === dataset);
  const fields = { draft, onChange: change, problemAt };
  const changeSettings = (settings: TrainingDraft['settings']) => change({ settings });
  return (
    <form ref={run.form} noValidate className="max-w-2xl" onSubmit={run.submit}>
      <fieldset disabled={!inBrowser} className="space-y-6">
        <DatasetAndMethod {...fields} datasets={datasets} />
        <PresetChoice value={preset} onChange={(chosen) => change({ preset: chosen })} />
        <RunEstimateNote estimate={run.estimate} />
        <ProtocolNote board={board} prepared={prepared} />
        <SmallMaskNotice dataset={dataset} prepared={prepared} />
        <SuspectNotice dataset={dataset} />
        <div className="grid gap-4 sm:grid-cols-2">
          <BackboneChoice
            backbones={backbones}
            value={draft.backbone}
            onChange={(backbone) => change({ backbone })}
            error={problemAt('backbone')}
          />
          <PrecisionChoice {...fields} />
          <BasicSettings {...fields} onChange={changeSettings} />
          <SeedAndName {...fields} />
        </div>
        {methodDefinition(draft.method).reconstructs ? <DecoderSwitch {...fields} /> : null}
        <SettingsFields {...fields} onChange={changeSettings} />
        {run.refusal === null ? null : (
          <ErrorNotice
            error={run.refusal}
            title={run.hasFailed ? 'The run did not start' : 'This can’t be trained'}
          />
        )}
        <Button type="submit" disabled={run.isStarted}>
          {run.isStarted ? 'Starting' : 'Start training'}
        </Button>
      </fieldset>
    </form>
  );
}
