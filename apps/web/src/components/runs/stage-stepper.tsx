/** @file The stages of a run along a line: passed, current, ahead. */
import type { JobStatus, RunStage } from '@plumbline/contracts';
import { Check, X } from 'lucide-react';
import { classNames } from '~/components/ui/class-names.ts';
import { STAGES } from '~/format/job-status.ts';

type StepState = 'passed' | 'current' | 'stopped' | 'ahead';

function stateOf(index: number, current: number, status: JobStatus): StepState {
  if (status === 'succeeded' || index < current) return 'passed';
  if (index > current) return 'ahead';
  return status === 'failed' || status === 'cancelled' ? 'stopped' : 'current';
}

const DOTS: Record<StepState, string> = {
  passed: 'border-accent bg-accent text-accent-ink',
  current: 'border-accent bg-surface text-accent ring-4 ring-accent-soft',
  stopped: 'border-bad bg-bad-soft text-bad',
  ahead: 'border-line-strong bg-surface text-ink-soft',
};

export function StageStepper({ stage, status }: { stage: RunStage; status: JobStatus }) {
  const current = STAGES.findIndex((one) => one.stage === stage);
  return (
    <ol
      aria-label="Stages"
      className="grid grid-cols-2 gap-x-2 gap-y-3 sm:grid-cols-4 lg:grid-cols-7"
    >
      {STAGES.map((one, index) => {
        const state = stateOf(index, current, status);
        return (
          <li
            key={one.stage}
            aria-current={state === 'current' ? 'step' : undefined}
            title={one.about}
            className="flex items-center gap-2 lg:flex-col lg:items-start"
          >
            <span
              aria-hidden="true"
              className={classNames(
                'flex size-6 shrink-0 items-center justify-center rounded-full border text-xs font-medium',
                DOTS[state],
              )}
            >
              <StepMark state={state} number={index + 1} />
            </span>
            <span
              className={classNames('text-sm', state === 'ahead' ? 'text-ink-soft' : 'font-medium')}
            >
              {one.label}
              <span className="sr-only">, {state}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function StepMark({ state, number }: { state: StepState; number: number }) {
  if (state === 'passed') return <Check className="size-3.5" />;
  if (state === 'stopped') return <X className="size-3.5" />;
  return number;
}
