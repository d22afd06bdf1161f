/** @file Every state of the components at once, for whoever works on them; only under `npm run dev`. */
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { BasicStates } from '~/components/dev-states/basic-states.tsx';
import { BatchStates } from '~/components/dev-states/batch-states.tsx';
import { InspectStates } from '~/components/dev-states/inspect-states.tsx';
import { MonitoringStates } from '~/components/dev-states/monitoring-states.tsx';
import { OverlayStates } from '~/components/dev-states/overlay-states.tsx';
import { RunStates } from '~/components/dev-states/run-states.tsx';
import { SuspectStates } from '~/components/dev-states/suspect-states.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { isDevelopment } from '~/mode/env.ts';

export const metadata: Metadata = { title: 'Component states' };

export default function StatesPage() {
  if (!isDevelopment()) notFound();
  return (
    <>
      <PageHeader
        title="Component states"
        description="Every component in every state, from made-up data. This page exists under npm run dev alone."
      />
      <div className="space-y-10">
        <BasicStates />
        <OverlayStates />
        <RunStates />
        <SuspectStates />
        <InspectStates />
        <MonitoringStates />
        <BatchStates />
      </div>
    </>
  );
}
