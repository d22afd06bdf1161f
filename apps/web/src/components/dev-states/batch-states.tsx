/** @file States of batches. */
'use client';

import type { Batch } from '@plumbline/contracts';
import { BatchItem } from '~/components/batches/batch-item.tsx';
import { BatchList } from '~/components/batches/batch-list.tsx';
import { State, StateGroup } from './state-group.tsx';

const AT = '2026-11-28T03:00:00.000Z';
const BATCH: Batch = {
  ...{ id: '1d1f2f60', model: 'parts', version: 3, thresholdProfile: 1, regions: false },
  source: { kind: 'upload', uploadId: 'x', fileName: 'lot 7.zip' },
  ...{ startedBy: 'vera@example.com', status: 'running', checked: 420, total: 1_000 },
  ...{ anomalous: 12, uncertain: 3, failed: 0, etaSeconds: 95 },
  ...{ createdAt: AT, finishedAt: null, keptUntil: null, error: null },
};
const ENDED = { finishedAt: AT, keptUntil: '2026-12-05T03:00:00.000Z', etaSeconds: null };
const STATES: readonly (readonly [string, Partial<Batch>])[] = [
  ['waiting', { status: 'queued', checked: 0, total: null, etaSeconds: null }],
  ['running', {}],
  ['succeeded', { ...ENDED, status: 'succeeded', checked: 1_000, failed: 2 }],
  ['cancelled', { ...ENDED, status: 'cancelled' }],
  [
    'failed',
    {
      ...{ ...ENDED, status: 'failed', checked: 0, total: null },
      error: {
        ...{ code: 'INVALID_INPUT', message: 'lot 7.zip is not a readable .zip archive.' },
        ...{ fix: 'Copy it again.', file: 'lot 7.zip', field: null },
      },
    },
  ],
];

export function BatchStates() {
  return (
    <StateGroup title="Batches">
      <State name="BatchList: none">
        <BatchList initial={[]} />
      </State>
      {STATES.map(([name, state]) => (
        <State key={name} name={`BatchItem: ${name}`}>
          <BatchItem batch={{ ...BATCH, ...state }} onChanged={() => {}} />
        </State>
      ))}
    </StateGroup>
  );
}
