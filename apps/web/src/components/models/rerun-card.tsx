/** @file "Run this again": repeats a version from its manifest and says whether the numbers came again. */
'use client';

import { METRICS, type Reproduction } from '@plumbline/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { ForRole } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Badge, type Tone } from '~/components/ui/status-badge.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

const REFRESH_MS = 4_000;

const TONES: Record<Reproduction['status'], Tone> = {
  waiting: 'accent',
  failed: 'bad',
  same: 'ok',
  different: 'warn',
};

export function RerunCard({ model, version }: { model: string; version: number }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const target = { name: model, version };
  const known = useQuery(
    trpc.leaderboards.reproductions.queryOptions(target, {
      refetchInterval: ({ state }) =>
        state.data?.some((one) => one.status === 'waiting') ? REFRESH_MS : false,
    }),
  );
  const rerun = useMutation(
    trpc.leaderboards.rerun.mutationOptions({
      onSuccess: () =>
        queries.invalidateQueries(trpc.leaderboards.reproductions.queryFilter(target)),
    }),
  );
  const waiting = known.data?.some((one) => one.status === 'waiting') ?? false;
  return (
    <Card
      title="Run this again"
      description="Repeats the training from the manifest, with the same dataset version, settings, seed and backbone, and compares every metric and every image score."
      actions={
        <ForRole least="engineer">
          <Button
            variant="secondary"
            disabled={rerun.isPending || waiting}
            onClick={() => rerun.mutate(target)}
          >
            <RotateCcw aria-hidden="true" className="size-4" />
            Run this again
          </Button>
        </ForRole>
      }
    >
      <div aria-live="polite" className="space-y-3 text-sm">
        {rerun.error ? <ErrorNotice error={errorBodyOf(rerun.error)} /> : null}
        {known.error ? <ErrorNotice error={errorBodyOf(known.error)} /> : null}
        {known.isPending ? <p className="text-ink-soft">Looking for earlier repeats …</p> : null}
        {known.data?.length === 0 ? (
          <p className="text-ink-soft">This version has not been repeated yet.</p>
        ) : null}
        {known.data?.map((one) => (
          <Outcome key={one.run} reproduction={one} />
        ))}
      </div>
    </Card>
  );
}

function Outcome({ reproduction }: { reproduction: Reproduction }) {
  const { run, status, message, metrics, model, reproducedAs } = reproduction;
  return (
    <div>
      <Badge tone={TONES[status]}>{status === 'same' ? 'the same numbers' : status}</Badge>{' '}
      {message} <TextLink href={`/runs/${run}`}>Run {run.slice(0, 8)}</TextLink>
      {reproducedAs === null ? null : (
        <>
          ,{' '}
          <TextLink href={`/models/${model}?version=${reproducedAs}`}>
            version {reproducedAs}
          </TextLink>
        </>
      )}
      {metrics.length === 0 ? null : (
        <ul className="mt-1 list-disc pl-5 text-ink-soft">
          {metrics.map(({ category, metric, before, after }) => (
            <li key={`${category ?? ''} ${metric}`}>
              {category ?? 'Mean'}, {METRICS[metric].short}: {before ?? 'undefined'} before,{' '}
              {after ?? 'undefined'} after
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
