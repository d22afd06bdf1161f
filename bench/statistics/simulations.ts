/** @file All simulations, in the order in which they run. A new one is a file beside this one and a line here. */
import { aurocCoverage } from './auroc-coverage.ts';
import { falseAlarms } from './false-alarms.ts';
import { histogramError } from './histogram-error.ts';
import { ranks } from './ranks.ts';
import type { Simulation } from './simulation.ts';

export const SIMULATIONS: readonly Simulation[] = [
  aurocCoverage,
  histogramError,
  falseAlarms,
  ranks,
];
