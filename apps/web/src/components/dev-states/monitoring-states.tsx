/** @file States of monitoring. */
'use client';

import type { CategoryDrift, DriftState, FeatureDrift } from '@plumbline/contracts';
import { DriftTable } from '~/components/monitoring/drift-card.tsx';
import { DriftEvents } from '~/components/monitoring/drift-events.tsx';
import { VerdictTable } from '~/components/monitoring/verdict-table.tsx';
import { State, StateGroup } from './state-group.tsx';

const AT = '2026-11-28T03:00:00.000Z';

function feature(state: DriftState): FeatureDrift {
  const isKnown = state !== 'notEnough';
  return {
    ...{
      feature: 'score',
      state,
      reference: 'heldOut',
      referenceImages: 60,
      referenceMedian: 0.21,
    },
    ...{ psi: isKnown ? 0.31 : null, ks: isKnown ? 0.42 : null, pValue: isKnown ? 2e-9 : null },
    ...{ images: isKnown ? 500 : 12, median: 0.33 },
    missing: { reference: 0, inspections: isKnown ? 0 : 38 },
  };
}

function category(name: string, state: DriftState): CategoryDrift {
  return { category: name, state, since: AT, checkedAt: AT, features: [feature(state)] };
}

export function MonitoringStates() {
  return (
    <StateGroup title="Monitoring">
      <State name="DriftTable: none, and each state">
        <div className="space-y-4">
          <DriftTable drift={[]} />
          <DriftTable
            drift={[
              category('screw', 'drifted'),
              category('nut', 'warning'),
              category('bolt', 'ok'),
              category('badge', 'notEnough'),
            ]}
          />
        </div>
      </State>
      <State name="DriftEvents">
        <DriftEvents
          events={[{ at: AT, category: 'screw', from: 'ok', to: 'drifted', features: ['score'] }]}
        />
      </State>
      <State name="VerdictTable: none, some">
        <div className="space-y-4">
          <VerdictTable verdicts={[]} />
          <VerdictTable
            verdicts={[
              {
                ...{ category: 'screw', judgedAlarms: 20, falseAlarms: 2, judgedPassed: 0 },
                ...{ missedDefects: 0, missedShare: null },
                falseAlarmShare: { share: 0.1, low: 0.028, high: 0.301 },
              },
            ]}
          />
        </div>
      </State>
    </StateGroup>
  );
}
