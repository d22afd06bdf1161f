/** @file What becomes of suspects, as options of a command. */
import { DomainError, type SuspectChoice, type SuspectDecision } from '@plumbline/contracts';
import type { Command } from 'commander';

export interface DecisionOptions {
  readonly keep?: string[];
  readonly exclude?: string[];
  readonly toTest?: string[];
  readonly anomalous?: string[];
}

export function addDecisionOptions(command: Command): Command {
  return command
    .option('--keep <path...>', 'suspects that belong: they are not asked about again')
    .option('--exclude <path...>', 'suspects that the next version no longer has')
    .option('--to-test <path...>', 'suspects that become normal test images')
    .option('--anomalous <path...>', 'suspects that become anomalous test images');
}

/** @throws DomainError INVALID_INPUT for an image that is named twice */
export function decisionsOf(options: DecisionOptions): SuspectDecision[] {
  const { keep = [], exclude = [], toTest = [], anomalous = [] } = options;
  const by = (choice: SuspectChoice, paths: readonly string[]) =>
    paths.map((path) => ({ path, choice }));
  const decisions = [
    ...by('keep', keep),
    ...by('exclude', exclude),
    ...by('test', toTest),
    ...by('anomalous', anomalous),
  ];
  const seen = new Set<string>();
  for (const { path } of decisions) {
    if (seen.has(path))
      throw new DomainError('INVALID_INPUT', `You named ${path} twice.`, {
        field: 'decisions',
        fix: 'Say one thing about each image.',
      });
    seen.add(path);
  }
  return decisions;
}
