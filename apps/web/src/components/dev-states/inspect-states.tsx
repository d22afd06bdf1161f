/** @file States of an inspection. */
'use client';

import { CategoryQuestion } from '~/components/inspect/category-question.tsx';
import { ColorLegend } from '~/components/inspect/color-legend.tsx';
import { LocalModelCard } from '~/components/inspect/local/local-model-card.tsx';
import type { LocalModelState } from '~/components/inspect/local/use-local-model.ts';
import { ScoreBar } from '~/components/inspect/score-bar.tsx';
import { MADE_UP_ERROR } from './made-up.ts';
import { State, StateGroup } from './state-group.tsx';

const LOCAL_STATES: readonly LocalModelState[] = [
  { kind: 'idle' },
  { kind: 'loading', progress: null },
  { kind: 'loading', progress: { part: 'model', loadedBytes: 12e6, totalBytes: 34e6 } },
  { kind: 'failed', error: { ...MADE_UP_ERROR, message: 'This model can’t run in this browser.' } },
];

const SCORES = [0, 9.9, 10, 42, 4000];

export function InspectStates() {
  return (
    <StateGroup title="Inspect">
      <State name="ScoreBar: far below, just below, at, above, far above the threshold">
        <div className="space-y-3">
          {SCORES.map((imageScore) => (
            <ScoreBar key={imageScore} imageScore={imageScore} threshold={10} />
          ))}
        </div>
      </State>
      <State name="ColorLegend: with a threshold, in multiples, without">
        <div className="grid gap-4 sm:grid-cols-3">
          <ColorLegend scale={{ low: 2.5, high: 12.5, threshold: 10 }} />
          <ColorLegend scale={{ low: 2.5, high: 12.5, threshold: 10 }} unit="multiples" />
          <ColorLegend scale={{ low: 0, high: 1 }} />
        </div>
      </State>
      <State name="LocalModelCard: idle, asking, loading, failed">
        <div className="space-y-3">
          {LOCAL_STATES.map((state, index) => (
            <LocalModelCard
              // biome-ignore lint/suspicious/noArrayIndexKey: the list is constant
              key={index}
              {...{ state, load: () => {}, unload: () => {} }}
              name="parts-patchcore v3"
              modelBytes={34e6}
            />
          ))}
        </div>
      </State>
      <State name="CategoryQuestion">
        <CategoryQuestion
          error={{
            ...MADE_UP_ERROR,
            message: 'parts-patchcore is older than finding the category.',
            file: null,
          }}
          categories={['bottle', 'cable', 'capsule']}
          onChoose={() => {}}
        />
      </State>
    </StateGroup>
  );
}
