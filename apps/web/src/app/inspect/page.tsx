/** @file Inspects an image with a model version: the one that the address names, or a promoted one. */
import type { Metadata } from 'next';
import { Inspector } from '~/components/inspect/inspector.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';
import { type AskedFor, type InspectChoice, inspectChoice } from './inspect-choice.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Inspect' };

export default async function InspectPage({ searchParams }: { searchParams: Promise<AskedFor> }) {
  const result = await load(inspectChoice(api(), await searchParams));
  if (!result.ok) return <LoadFailure title="Inspect" error={result.error} />;
  return (
    <>
      <PageHeader
        title="Inspect"
        description="See where an image departs from normal, and by how much."
        actions={
          <ButtonLink variant="secondary" href="/inspect/batches">
            Inspect many images
          </ButtonLink>
        }
      />
      <Choice choice={result.data} />
    </>
  );
}

function Choice({ choice }: { choice: InspectChoice }) {
  if (choice.kind === 'ready') return <Inspector {...choice.inspector} />;
  if (choice.kind === 'none') {
    return (
      <EmptyState
        title="No model yet"
        actions={<ButtonLink href="/runs/new">Start a run</ButtonLink>}
      >
        Train a model: its first version answers at once. Then inspect images here.
      </EmptyState>
    );
  }
  if (choice.kind === 'unknown-model') {
    return (
      <EmptyState
        title={`There is no model “${choice.model}”`}
        actions={choice.models.map((name) => (
          <ButtonLink
            key={name}
            href={`/inspect?model=${encodeURIComponent(name)}`}
            variant="secondary"
          >
            {name}
          </ButtonLink>
        ))}
      >
        {choice.models.length === 0
          ? 'No model has been trained yet.'
          : 'It may have another name. Nothing was inspected: choose one of the models below.'}
      </EmptyState>
    );
  }
  const page = `/models/${encodeURIComponent(choice.model)}`;
  return (
    <EmptyState
      title={choice.message}
      actions={
        <>
          {choice.versions.map((version) => (
            <ButtonLink
              key={version}
              href={`/inspect?model=${encodeURIComponent(choice.model)}&version=${version}`}
            >
              Inspect with v{version}
            </ButtonLink>
          ))}
          <ButtonLink href={page} variant="secondary">
            Versions of {choice.model}
          </ButtonLink>
        </>
      }
    >
      {choice.versions.length === 0
        ? 'Train a version of it here, or choose another model.'
        : 'Choose a version that can answer, or promote one on the model’s page.'}
    </EmptyState>
  );
}
