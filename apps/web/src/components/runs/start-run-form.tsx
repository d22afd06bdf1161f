/** @file What to train: dataset, method, preset, backbone, seed and the model that gets the new version. */
'use client';

import {
  type BackboneSummary,
  DEFAULT_BACKBONE,
  DEFAULT_METHOD,
  type LeaderboardSummary,
  METHODS,
  methodDefinition,
  methodSchema,
} from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { BackboneChoice } from './backbone-choice.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { ProtocolNote } from './protocol-note.tsx';
import { RunEstimateNote, useEstimate } from './run-estimate.tsx';
import { BasicSettings, SettingsFields } from './settings-fields.tsx';
import { SmallMaskNotice } from './small-mask-notice.tsx';
import {
  checkDraft,
  type DraftField,
  imageSizeOf,
  problemOf,
  type TrainingDraft,
} from './training-draft.ts';

/** To the first field at fault, which may be in a part that is closed. */
function focusFault(form: HTMLFormElement | null): void {
  const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  const details = field?.closest('details');
  if (details) details.open = true;
  field?.focus();
}

interface StartRunFormProps {
  datasets: string[];
  initialDataset: string;
  backbones: BackboneSummary[];
  boards: LeaderboardSummary[];
}

export function StartRunForm({ datasets, initialDataset, backbones, boards }: StartRunFormProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const inBrowser = useInBrowser();
  const mutation = useMutation(
    trpc.runs.start.mutationOptions({ onSuccess: (run) => router.push(`/runs/${run.id}`) }),
  );
  const [draft, setDraft] = useState<TrainingDraft>({
    ...{ dataset: initialDataset, method: DEFAULT_METHOD, preset: 'quick' },
    ...{ backbone: DEFAULT_BACKBONE, seed: '0', model: '', decoder: false, settings: {} },
  });
  const decoderId = useId();
  const { dataset, method, preset } = draft;
  const { about, reconstructs } = methodDefinition(method);
  const checked = checkDraft(draft);
  const { input } = checked;
  const estimate = useEstimate(input);
  const estimateError = estimate.error === null ? null : errorBodyOf(estimate.error);
  const error = mutation.error === null ? estimateError : errorBodyOf(mutation.error);
  const refused = problemOf(error);
  const problem = (field: DraftField) => checked.problems.get(field) ?? refused.get(field) ?? null;
  const imageSizePx = imageSizeOf(draft);
  const started = mutation.isPending || mutation.isSuccess;
  const form = useRef<HTMLFormElement>(null);
  const focusFirst = () => focusFault(form.current);
  const change = (changed: Partial<TrainingDraft>) => {
    mutation.reset();
    setDraft({ ...draft, ...changed });
  };

  const settings = {
    draft,
    onChange: (changed: TrainingDraft['settings']) => change({ settings: changed }),
    problemAt: problem,
  };

  // The API's own refusal of a start: its field is known once it has answered.
  useEffect(() => {
    if (mutation.isError) focusFault(form.current);
  }, [mutation.isError]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (input === null || refused.size > 0) focusFirst();
    else mutation.mutate(input);
  };

  return (
    <form ref={form} noValidate className="max-w-2xl" onSubmit={submit}>
      <fieldset disabled={!inBrowser} className="space-y-6">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Dataset" error={problem('dataset')}>
            {(wiring) => (
              <Select
                {...wiring}
                value={dataset}
                onChange={(event) => change({ dataset: event.target.value })}
              >
                {datasets.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Method" hint={about} error={problem('method')}>
            {(wiring) => (
              <Select
                {...wiring}
                value={method}
                onChange={(event) => change({ method: methodSchema.parse(event.target.value) })}
              >
                {METHODS.map((name) => (
                  <option key={name} value={name}>
                    {methodDefinition(name).title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <PresetChoice value={preset} onChange={(chosen) => change({ preset: chosen })} />
        <RunEstimateNote estimate={estimate} />
        <ProtocolNote
          board={boards.find((one) => one.dataset === dataset)}
          imageSizePx={imageSizePx}
        />
        <SmallMaskNotice dataset={dataset} imageSizePx={imageSizePx} />
        <div className="grid gap-4 sm:grid-cols-2">
          <BackboneChoice
            backbones={backbones}
            value={draft.backbone}
            onChange={(backbone) => change({ backbone })}
            error={problem('backbone')}
          />
          <BasicSettings {...settings} />
          <Field label="Seed" hint="The same seed gives the same model." error={problem('seed')}>
            {(wiring) => (
              <Input
                {...wiring}
                inputMode="numeric"
                autoComplete="off"
                value={draft.seed}
                onChange={(event) => change({ seed: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Model name"
            hint="The run publishes a new version of this model."
            error={problem('model')}
          >
            {(wiring) => (
              <Input
                {...wiring}
                value={draft.model}
                placeholder={`${dataset}-${method}`}
                autoComplete="off"
                onChange={(event) => change({ model: event.target.value })}
              />
            )}
          </Field>
        </div>
        {reconstructs ? (
          <div className="flex items-start gap-2">
            <input
              id={decoderId}
              type="checkbox"
              checked={draft.decoder}
              aria-describedby={`${decoderId}-hint`}
              onChange={(event) => change({ decoder: event.target.checked })}
              className="mt-1 size-4 accent-accent"
            />
            <div>
              <label htmlFor={decoderId} className="text-sm font-medium">
                Train a decoder
              </label>
              <p id={`${decoderId}-hint`} className="text-sm text-ink-soft">
                Shows beside each heatmap what the model expects. Takes a few minutes more and
                changes no score.
              </p>
            </div>
          </div>
        ) : null}
        <SettingsFields {...settings} />
        {error !== null && refused.size === 0 ? (
          <ErrorNotice
            error={error}
            title={mutation.error ? 'The run did not start' : 'This can’t be trained'}
          />
        ) : null}
        <Button type="submit" disabled={started}>
          {started ? 'Starting' : 'Start training'}
        </Button>
      </fieldset>
    </form>
  );
}
