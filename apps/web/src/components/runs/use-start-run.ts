/** @file The draft of a training run: checked as it is typed, estimated, started, and answered at the field at fault. */
'use client';

import {
  DEFAULT_BACKBONE,
  DEFAULT_METHOD,
  type ErrorBody,
  methodSchema,
  presetSchema,
  type Run,
} from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { useEstimate } from './run-estimate.tsx';
import { checkDraft, type DraftField, problemOf, type TrainingDraft } from './training-draft.ts';

interface StartRun {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly draft: TrainingDraft;
  readonly estimate: ReturnType<typeof useEstimate>;
  /** The API's refusal where it names no field of the form. */
  readonly refusal: ErrorBody | null;
  /** Whether the last start was refused, not only the estimate. */
  readonly hasFailed: boolean;
  readonly isStarted: boolean;
  problemAt(field: DraftField): string | null;
  change(changed: Partial<TrainingDraft>): void;
  submit(event: FormEvent): void;
}

export function useStartRun(initialDataset: string, like: Run | null): StartRun {
  const trpc = useTRPC();
  const router = useRouter();
  const mutation = useMutation(
    trpc.runs.start.mutationOptions({ onSuccess: (run) => router.push(`/runs/${run.id}`) }),
  );
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<TrainingDraft>({
    ...{ dataset: initialDataset, method: DEFAULT_METHOD, preset: 'quick' },
    ...{ backbone: DEFAULT_BACKBONE, precision: 'float32', seed: '0' },
    ...{ model: '', decoder: false, settings: {} },
    ...(like === null ? {} : draftLike(like)),
  });
  const { input, problems } = checkDraft(draft);
  const estimate = useEstimate(input);
  const failure = mutation.error ?? estimate.error;
  const error = failure === null ? null : errorBodyOf(failure);
  const refused = problemOf(error);

  // The API's own refusal of a start: its field is known once it has answered.
  useEffect(() => {
    if (mutation.isError) focusFault(form.current);
  }, [mutation.isError]);

  const change = (changed: Partial<TrainingDraft>) => {
    mutation.reset();
    setDraft({ ...draft, ...changed });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (input === null || refused.size > 0) focusFault(form.current);
    else mutation.mutate(input);
  };
  return {
    ...{ form, draft, estimate, change, submit },
    refusal: refused.size === 0 ? error : null,
    hasFailed: mutation.error !== null,
    isStarted: mutation.isPending || mutation.isSuccess,
    problemAt: (field) => problems.get(field) ?? refused.get(field) ?? null,
  };
}

/** What a run tells of how it was started; settings of the method are left to the preset. */
function draftLike({ method, preset, backbone, seed, model }: Run): Partial<TrainingDraft> {
  const known = { method: methodSchema.safeParse(method), preset: presetSchema.safeParse(preset) };
  return {
    ...{ backbone, seed: String(seed), model },
    ...(known.method.success ? { method: known.method.data } : {}),
    ...(known.preset.success ? { preset: known.preset.data } : {}),
  };
}

/** To the first field at fault, which may be in a part that is closed. */
function focusFault(form: HTMLFormElement | null): void {
  const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  const details = field?.closest('details');
  if (details) details.open = true;
  field?.focus();
}
