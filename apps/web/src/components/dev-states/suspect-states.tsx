/** @file States of training images that may not belong: of a search for them, and of a run. */
'use client';

import type { JobStatus, ReviewedSuspect, RunSuspects, SuspectReview } from '@plumbline/contracts';
import { RunSuspectsCard } from '~/components/suspects/run-suspects-card.tsx';
import { SearchControl } from '~/components/suspects/search-control.tsx';
import { SuspectDecisions } from '~/components/suspects/suspect-decisions.tsx';
import { MADE_UP_ERROR } from './made-up.ts';
import { State, StateGroup } from './state-group.tsx';

const NONE: SuspectReview = {
  ...{ dataset: 'parts', version: 1, latest: null, search: null },
  ...{ suspects: [], undecided: 0, unseen: 0 },
};

function madeUpReview(status: JobStatus): SuspectReview {
  return {
    ...NONE,
    latest: {
      ...{ id: `made-up-${status}`, dataset: 'parts', version: 1, status, cancelRequested: false },
      ...{ checked: 40, total: status === 'queued' ? null : 100, finishedAt: null },
      createdAt: '2026-01-01T09:00:00.000Z',
      error: status === 'failed' ? MADE_UP_ERROR : null,
    },
  };
}

const STATES: readonly ReviewedSuspect['state'][] = ['undecided', 'kept', 'gone', 'usual'];

const FOUND: SuspectReview = {
  ...NONE,
  undecided: 1,
  suspects: STATES.map((state, position) => ({
    ...{ state, position, path: `bottle/train/good/${position}.png`, category: 'bottle' },
    ...{ sha256: 'ab'.repeat(32), isLearned: false },
    ...{ imageScore: 5 - position, robustCut: 1.5, deviations: 9 - 2 * position },
  })),
};

/** @param mapped Of the two that stand out; the second was kept. */
function ofRun(mapped: number): RunSuspects {
  const suspects = FOUND.suspects
    .slice(0, 2)
    .map(({ state, position: _, ...one }) => ({ ...one, isKept: state === 'kept' }));
  return {
    ...{ scoresFrom: 'crossFit', scored: 40, learned: 0, tooFew: [] },
    ...{ beyondCut: suspects.length, suspects, mapped },
  };
}

const NONE_OF_RUN: RunSuspects = { ...ofRun(0), beyondCut: 0, suspects: [] };

export function SuspectStates() {
  return (
    <StateGroup title="Suspects">
      <State name="SearchControl: never looked">
        <SearchControl review={NONE} onChanged={() => {}} />
      </State>
      {(['queued', 'running', 'failed', 'cancelled'] as const).map((status) => (
        <State key={status} name={`SearchControl: ${status}`}>
          <SearchControl review={madeUpReview(status)} onChanged={() => {}} />
        </State>
      ))}
      <State name="SuspectDecisions: of the latest version, of an earlier one">
        <div className="space-y-6">
          <SuspectDecisions review={FOUND} canDecide onKept={() => {}} />
          <SuspectDecisions review={FOUND} canDecide={false} onKept={() => {}} />
        </div>
      </State>
      <State name="RunSuspectsCard: with maps that can’t be loaded, without maps, none">
        <div className="space-y-6">
          {[ofRun(2), ofRun(0), NONE_OF_RUN].map((found) => (
            <RunSuspectsCard
              key={`${found.mapped} ${found.beyondCut}`}
              found={found}
              dataset="parts"
              run="made-up"
            />
          ))}
        </div>
      </State>
    </StateGroup>
  );
}
