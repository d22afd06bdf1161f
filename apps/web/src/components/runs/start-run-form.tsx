/** @file What to train: dataset, method, preset, backbone, seed and the model that gets the new version. */
'use client';

import {
  type BackboneSummary,
  DEFAULT_BACKBONE,
  imageSizeOfRun,
  type LeaderboardSummary,
  methodSchema,
  nameSchema,
  type PresetName,
  type StartTrainingInput,
} from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { BackboneChoice } from './backbone-choice.tsx';
import { METHOD_NAMES, METHOD_TEXTS } from './method-texts.ts';
import { PresetChoice } from './preset-choice.tsx';
import { ProtocolNote } from './protocol-note.tsx';
import { checkRlr, type RlrDraft } from './rlr-draft.ts';
import { RlrFields } from './rlr-fields.tsx';

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
  const [dataset, setDataset] = useState(initialDataset);
  const [method, setMethod] = useState<StartTrainingInput['method']>('rlr');
  const [preset, setPreset] = useState<PresetName>('quick');
  const [backbone, setBackbone] = useState<string>(DEFAULT_BACKBONE);
  const [seed, setSeed] = useState('0');
  const [model, setModel] = useState('');
  const [decoder, setDecoder] = useState(false);
  const [rlrDraft, setRlrDraft] = useState<RlrDraft>({});
  const decoderId = useId();
  const suggested = `${dataset}-${method}`;
  const modelCheck = nameSchema.safeParse(model === '' ? suggested : model);
  // Other methods have neither settings nor a decoder: what was typed is kept but not sent.
  const rlr = checkRlr(method === 'rlr' ? rlrDraft : {});
  const started = mutation.isPending || mutation.isSuccess;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutation.mutate({
      dataset,
      method,
      preset,
      backbone: backbone.trim() || DEFAULT_BACKBONE,
      seed: Number(seed) || 0,
      ...(model === '' ? {} : { model }),
      ...(decoder && method === 'rlr' ? { decoder } : {}),
      ...(rlr.settings ? { rlr: rlr.settings } : {}),
    });
  };

  return (
    <form className="max-w-2xl" onSubmit={submit}>
      <fieldset disabled={!inBrowser} className="space-y-6">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Dataset">
            {(wiring) => (
              <Select
                {...wiring}
                value={dataset}
                onChange={(event) => setDataset(event.target.value)}
              >
                {datasets.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Method" hint={METHOD_TEXTS[method].about}>
            {(wiring) => (
              <Select
                {...wiring}
                value={method}
                onChange={(event) => setMethod(methodSchema.parse(event.target.value))}
              >
                {METHOD_NAMES.map((name) => (
                  <option key={name} value={name}>
                    {METHOD_TEXTS[name].title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <PresetChoice value={preset} onChange={setPreset} />
        <ProtocolNote
          board={boards.find((one) => one.dataset === dataset)}
          imageSizePx={imageSizeOfRun({ preset, rlr: rlr.settings ?? undefined })}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <BackboneChoice backbones={backbones} value={backbone} onChange={setBackbone} />
          <Field label="Seed" hint="The same seed gives the same model.">
            {(wiring) => (
              <Input
                {...wiring}
                type="number"
                min={0}
                max={2 ** 31 - 1}
                step={1}
                value={seed}
                onChange={(event) => setSeed(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Model name"
            hint="The run publishes a new version of this model."
            error={modelCheck.success ? null : modelCheck.error.issues[0]?.message}
          >
            {(wiring) => (
              <Input
                {...wiring}
                value={model}
                placeholder={suggested}
                autoComplete="off"
                onChange={(event) => setModel(event.target.value)}
              />
            )}
          </Field>
        </div>
        {method === 'rlr' ? (
          <>
            <div className="flex items-start gap-2">
              <input
                id={decoderId}
                type="checkbox"
                checked={decoder}
                aria-describedby={`${decoderId}-hint`}
                onChange={(event) => setDecoder(event.target.checked)}
                className="mt-1 size-4 accent-accent"
              />
              <div>
                <label htmlFor={decoderId} className="text-sm font-medium">
                  Train a decoder
                </label>
                <p id={`${decoderId}-hint`} className="text-sm text-ink-soft">
                  Shows beside each heatmap what the model takes for normal. Takes a few minutes
                  more and changes no score.
                </p>
              </div>
            </div>
            <RlrFields draft={rlrDraft} onChange={setRlrDraft} problems={rlr.problems ?? {}} />
          </>
        ) : null}
        {mutation.error ? (
          <ErrorNotice error={errorBodyOf(mutation.error)} title="The run did not start" />
        ) : null}
        <Button type="submit" disabled={started || !modelCheck.success || rlr.problems !== null}>
          {started ? 'Starting' : 'Start training'}
        </Button>
      </fieldset>
    </form>
  );
}
