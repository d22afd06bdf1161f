/** @file Under which license a dataset is and where it comes from: shown, and said anew. */
'use client';

import type { Provenance } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ForRole } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { Dialog } from '~/components/ui/dialog.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { ProvenanceFields } from './provenance-fields.tsx';

interface ProvenanceCardProps {
  dataset: string;
  provenance: Provenance;
}

export function ProvenanceCard({ dataset, provenance }: ProvenanceCardProps) {
  const [open, setOpen] = useState(false);
  const { license, source } = provenance;
  return (
    <section aria-label="License and source" className="flex flex-wrap items-start gap-4">
      <div className="min-w-0 flex-1">
        <Facts>
          <Fact term="License">{license ?? 'not stated'}</Fact>
          <Fact term="Source">{source === null ? 'not stated' : <Source text={source} />}</Fact>
        </Facts>
      </div>
      <ForRole least="engineer">
        <Button
          variant="secondary"
          aria-label="Edit license and source"
          onClick={() => setOpen(true)}
        >
          Edit
        </Button>
      </ForRole>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="License and source"
        description="They hold for all versions, and go into exports and into the cards of models that are trained from now on."
      >
        <ProvenanceForm dataset={dataset} provenance={provenance} onSaved={() => setOpen(false)} />
      </Dialog>
    </section>
  );
}

/** An address is a link, if it is one that leads to a page. */
function Source({ text }: { text: string }) {
  if (!/^https?:\/\/\S+$/i.test(text)) return <span className="break-words">{text}</span>;
  return (
    <a
      href={text}
      rel="noreferrer noopener"
      className="break-all font-medium text-accent underline underline-offset-4"
    >
      {text}
    </a>
  );
}

function ProvenanceForm({
  dataset,
  provenance,
  onSaved,
}: ProvenanceCardProps & { onSaved: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [draft, setDraft] = useState({
    license: provenance.license ?? '',
    source: provenance.source ?? '',
  });
  const save = useMutation(
    trpc.datasets.update.mutationOptions({
      onSuccess: () => {
        onSaved();
        router.refresh();
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate({ name: dataset, ...draft });
  };
  return (
    <form className="space-y-4" onSubmit={submit}>
      <ProvenanceFields
        draft={draft}
        disabled={save.isPending}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
      {save.error ? (
        <ErrorNotice error={errorBodyOf(save.error)} title="Nothing was saved" />
      ) : null}
      <Button type="submit" disabled={save.isPending}>
        {save.isPending ? 'Saving …' : 'Save'}
      </Button>
    </form>
  );
}
