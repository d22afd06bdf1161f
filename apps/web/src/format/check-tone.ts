/** @file How the outcome of a check before a result counts is colored. */
import type { EvaluationCheck } from '@plumbline/contracts';
import type { Tone } from '~/components/ui/status-badge.tsx';

export const CHECK_TONES: Record<EvaluationCheck['status'], Tone> = {
  passed: 'ok',
  'not checked': 'neutral',
  marked: 'warn',
  barred: 'bad',
};
