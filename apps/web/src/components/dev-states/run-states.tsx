/** @file States of a training run and of an import. */
'use client';

import type { RunLogLine } from '@plumbline/contracts';
import { RunProgress } from '~/components/runs/run-progress.tsx';
import { RunWarnings } from '~/components/runs/run-warnings.tsx';
import { madeUpRun } from './made-up.ts';
import { State, StateGroup } from './state-group.tsx';

const RUNS = [
  madeUpRun('queued', 'queued', 0),
  madeUpRun('running', 'fit', 0.4),
  madeUpRun('succeeded', 'done', 1),
  madeUpRun('failed', 'evaluate', 0.8),
  madeUpRun('cancelled', 'fit', 0.3),
];

const WARNINGS: RunLogLine[] = [1, 2].map((id) => ({
  id,
  at: '2026-01-01T09:00:00.000Z',
  severity: 'warning',
  text: `Category part-${id} has 4 normal training images; its threshold rests on few scores.`,
}));

export function RunStates() {
  return (
    <StateGroup title="Runs">
      {RUNS.map((run) => (
        <State key={run.id} name={`RunProgress: ${run.status}`}>
          <RunProgress run={run} onChanged={() => {}} />
        </State>
      ))}
      <State name="RunProgress: being cancelled">
        <RunProgress
          run={{ ...madeUpRun('running', 'fit', 0.5), cancelRequested: true }}
          onChanged={() => {}}
        />
      </State>
      <State name="RunWarnings: one, several">
        <div className="space-y-3">
          <RunWarnings lines={WARNINGS.slice(0, 1)} />
          <RunWarnings lines={WARNINGS} />
        </div>
      </State>
    </StateGroup>
  );
}
