/** @file `plumb runs suspects`: training images that stand out in a run, and what becomes of them. */
import { type RunSuspects, suspectsWords } from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { describeDataset } from './describe-dataset.ts';
import { type Output, table } from './output.ts';
import { addDecisionOptions, type DecisionOptions, decisionsOf } from './suspect-decisions.ts';
import { waitForImport } from './wait-for-import.ts';

export function addRunSuspects(runs: Command): void {
  const command = runs
    .command('suspects')
    .argument('<id>')
    .option('--limit <number>', 'so many of all images, not those beyond the cut alone')
    .description('list the training images that stand out, and decide on them');
  withAction(addDecisionOptions(command), suspects);
}

interface SuspectsOptions extends JsonOption, DecisionOptions {
  readonly limit?: string;
}

async function suspects(output: Output, id: string, options: SuspectsOptions): Promise<void> {
  const { limit } = options;
  const listed = limit === undefined ? {} : { limit: Number(limit) };
  const decisions = decisionsOf(options);
  const connection = await connect(output);
  const { runs } = connection.api;
  if (decisions.length > 0) {
    const { kept, import: started } = await runs.decideSuspects.mutate({ id, decisions });
    if (kept > 0) output.note(`Kept ${kept}.`);
    if (started !== null) {
      const dataset = await waitForImport(connection, output, started, 'Looked at');
      return output.result(dataset, describeDataset);
    }
  }
  output.result(await runs.suspects.query({ id, ...listed }), describeSuspects);
}

export function describeSuspects(found: RunSuspects): string {
  const words = suspectsWords(found);
  if (found.suspects.length === 0) return words;
  const rows = found.suspects.map((one) => [
    one.path,
    one.category,
    one.imageScore.toPrecision(4),
    one.robustCut.toPrecision(4),
    one.deviations.toFixed(1),
    one.isLearned ? 'learned from it' : 'without it',
    stateOf(one),
  ]);
  const columns = ['image', 'category', 'score', 'robust cut', 'deviations', 'fit', 'state'];
  return [words, table(columns, rows)].join('\n');
}

function stateOf({ isKept, imageScore, robustCut }: RunSuspects['suspects'][number]): string {
  if (isKept) return 'kept';
  return imageScore >= robustCut ? 'undecided' : 'below the cut';
}
