/** @file A simulation of what intervals, tests and thresholds promise: data whose truth is known, drawn many times. */
import type { BenchValue } from '../report.ts';

export interface SimulationOptions {
  /** How often data are drawn. */
  readonly trials: number;
  /** Of the data; the same numbers on every machine. */
  readonly seed: number;
}

/** One case and what came out. Rates carry their standard error where that can be read off `trials`. */
export type SimulationRow = Readonly<Record<string, BenchValue>>;

export interface Simulation {
  /** Kebab-case; what `--only` takes. */
  readonly name: string;
  /** One sentence: what is drawn, and what should come out. */
  readonly about: string;
  /** Without `--trials`. */
  readonly trials: number;
  readonly run: (options: SimulationOptions) => readonly SimulationRow[];
}

/** At most 4 decimals, as tables show them. */
export function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
