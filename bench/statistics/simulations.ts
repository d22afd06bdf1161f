/** @file All simulations, in the order in which they run. A new one is a file beside this one and a line here. */
import { falseAlarms } from './false-alarms.ts';
import { histogramBound, histogramError } from './histogram-error.ts';
import { imageCoverage } from './image-coverage.ts';
import { pixelCoverage } from './pixel-coverage.ts';
import { ranks } from './ranks.ts';
import type { Simulation } from './simulation.ts';

export const SIMULATIONS: readonly Simulation[] = [
  imageCoverage,
  pixelCoverage,
  histogramError,
  histogramBound,
  falseAlarms,
  ranks,
];
