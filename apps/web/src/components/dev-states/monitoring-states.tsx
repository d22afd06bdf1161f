/** @file States of monitoring. */
'use client';

import type { CategoryDrift, DriftState, FeatureDrift, KeptImage } from '@plumbline/contracts';
import { DriftTable } from '~/components/monitoring/drift-card.tsx';
import { DriftEvents } from '~/components/monitoring/drift-events.tsx';
import { KeptTile } from '~/components/monitoring/kept-tile.tsx';
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

const KEPT: readonly KeptImage[] = [
  { category: 'screw', verdict: 'falseAlarm' as const, addedTo: 'parts' },
  { category: 'nut', verdict: null, addedTo: null },
  { category: null, verdict: null, addedTo: null },
].map((one, index) => ({
  ...{
    id: `0000000${index}`,
    at: AT,
    version: 3,
    imageScore: 0.62,
    threshold: 0.5,
    uncertain: false,
  },
  ...{ width: 64, height: 64, brightness: 120, sharpness: 30, verdictBy: null, bytes: 1000 },
  ...{ predictedLabel: 'anomalous' as const, image: 'a'.repeat(64) },
  ...one,
}));

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
      <State name="KeptTile: chosen, not judged, without a category">
        <ul className="grid grid-cols-3 gap-4">
          {KEPT.map((image, index) => (
            <li key={image.id}>
              <KeptTile
                image={image}
                isChosen={index === 0}
                as={undefined}
                onChoose={() => {}}
                onLabel={() => {}}
              />
            </li>
          ))}
        </ul>
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
