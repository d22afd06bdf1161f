/** @file The draft of an import of results: checked, sent, and answered beside the field at fault. */
'use client';

import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import {
  checkDraft,
  emptyDraft,
  type Problems,
  problemsOf,
  type ResultsDraft,
} from './results-draft.ts';
import { type ResultsImport, useResultsImport } from './use-results-import.ts';

interface ResultsForm {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly draft: ResultsDraft;
  readonly problems: Problems;
  readonly importing: ResultsImport;
  /** Whether the error belongs to no field. */
  readonly isAnywhere: boolean;
  change(changed: Partial<ResultsDraft>): void;
  choose(file: File | null): void;
  submit(event: FormEvent): void;
  /** Back to the beginning, with the fields as they are. */
  again(): void;
}

export function useResultsForm(dataset: string, initialProtocol: string): ResultsForm {
  const importing = useResultsImport();
  const { error, start, dismiss, reset } = importing;
  const form = useRef<HTMLFormElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [asked, setAsked] = useState(false);
  const [draft, setDraft] = useState(() => emptyDraft(initialProtocol));
  const checked = checkDraft(dataset, draft, file?.name ?? null);
  const answered = problemsOf(error);
  const isAnywhere = error !== null && Object.keys(answered).length === 0;

  useEffect(() => {
    if (error !== null) leadToFault(form.current);
  }, [error]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    flushSync(() => setAsked(true));
    const source = draft.kind === 'path' ? draft.path.trim() : file;
    if (checked.input === null || source === null) leadToFault(form.current);
    else void start(checked.input, source);
  };
  const change = (changed: Partial<ResultsDraft>) => {
    setDraft({ ...draft, ...changed });
    if (!isAnywhere && error !== null) dismiss();
  };
  const choose = (chosen: File | null) => {
    setFile(chosen);
    dismiss();
  };
  const again = () => {
    setFile(null);
    setAsked(false);
    reset();
  };
  const problems = { ...answered, ...(asked ? checked.problems : null) };
  return { form, draft, problems, importing, isAnywhere, change, choose, submit, again };
}

/** Keyboard and screen reader go on at the first field at fault, or at the notice. */
function leadToFault(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid], [data-fault]')?.focus();
}
