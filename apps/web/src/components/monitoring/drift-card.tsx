/** @file How far the inspections of each category are from their reference, and a check now. */
'use client';

import {
  type CategoryDrift,
  DRIFT_STATE_WORDS,
  type DriftWindow,
  type FeatureDrift,
} from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { ForRole } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatCount, formatPlural } from '~/format/format-number.ts';
import { formatMoment } from '~/format/format-time.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { DRIFT_TONES, ksText, mediansText, psiText, referenceText } from './drift-texts.ts';

interface DriftCardProps {
  model: string;
  version: number;
  drift: readonly CategoryDrift[];
  window: DriftWindow;
}

export function DriftCard({ model, version, drift, window }: DriftCardProps) {
  const router = useRouter();
  const check = useMutation(
    useTRPC().monitoring.check.mutationOptions({ onSuccess: () => router.refresh() }),
  );
  return (
    <Card
      title="Drift"
      description={`Of each category the last ${formatCount(window.inspections)} inspections of the last ${formatPlural(window.days, 'day')}, against the held-out scores and the training images of the version. Warning from a PSI of 0.1 on, drifted from 0.25 on, where chance does not explain it.`}
      actions={
        <ForRole least="operator">
          <Button
            variant="secondary"
            disabled={check.isPending}
            onClick={() => check.mutate({ name: model, version })}
          >
            <RefreshCw aria-hidden="true" className="size-4" />
            Check now
          </Button>
        </ForRole>
      }
    >
      <div aria-live="polite" aria-busy={check.isPending} className="space-y-4">
        {check.isPending ? (
          <p role="status" className="text-sm text-ink-soft">
            Checking. The first time the training images are read, which takes seconds.
          </p>
        ) : null}
        {check.error ? <ErrorNotice error={errorBodyOf(check.error)} /> : null}
        <DriftTable drift={drift} />
      </div>
    </Card>
  );
}

export function DriftTable({ drift }: Pick<DriftCardProps, 'drift'>) {
  if (drift.length === 0)
    return <p className="text-sm text-ink-soft">This version has not been checked yet.</p>;
  return (
    <TableBox label="Drift by category and feature" stacked>
      <thead>
        <tr>
          <Th>Category and feature</Th>
          <Th>State</Th>
          <Th className={numeric}>PSI</Th>
          <Th className={numeric}>KS</Th>
          <Th className={numeric}>Median, reference → now</Th>
          <Th className={numeric}>Compared</Th>
        </tr>
      </thead>
      <tbody>
        {drift.flatMap((category) => [
          <CategoryLine key={category.category ?? ''} category={category} />,
          ...(isCompared(category) ? category.features : []).map((feature) => (
            <FeatureLine key={`${category.category ?? ''} ${feature.feature}`} feature={feature} />
          )),
        ])}
      </tbody>
    </TableBox>
  );
}

/** Lines without a number would bury those with one. */
function isCompared({ features }: CategoryDrift): boolean {
  return features.some(({ psi }) => psi !== null);
}

function CategoryLine({ category }: { category: CategoryDrift }) {
  const { state, since, checkedAt, features } = category;
  const [first] = features;
  const missing = first === undefined || isCompared(category) ? '' : `${psiText(first)}; `;
  return (
    <tr>
      <Th scope="row">{category.category ?? 'pooled threshold'}</Th>
      <Td label="State">
        <Badge tone={DRIFT_TONES[state]}>{DRIFT_STATE_WORDS[state]}</Badge>
      </Td>
      <Td colSpan={4} label="Since">
        <span className="text-ink-soft whitespace-normal">
          {missing}since {formatMoment(since)}; checked {formatMoment(checkedAt)}
        </span>
      </Td>
    </tr>
  );
}

function FeatureLine({ feature }: { feature: FeatureDrift }) {
  return (
    <tr>
      <Th scope="row" className="pl-7 font-normal">
        {feature.feature}
      </Th>
      <Td label="State">
        <Badge tone={DRIFT_TONES[feature.state]}>{DRIFT_STATE_WORDS[feature.state]}</Badge>
      </Td>
      <Td label="PSI" className={numeric}>
        <div className="ml-auto max-w-44 whitespace-normal">{psiText(feature)}</div>
      </Td>
      <Td label="KS" className={numeric}>
        {ksText(feature)}
      </Td>
      <Td label="Median, reference → now" className={numeric}>
        {mediansText(feature)}
      </Td>
      <Td label="Compared" className={numeric}>
        <div className="ml-auto max-w-44 whitespace-normal">
          {referenceText(feature)}, {formatPlural(feature.images, 'inspection')}
        </div>
      </Td>
    </tr>
  );
}
