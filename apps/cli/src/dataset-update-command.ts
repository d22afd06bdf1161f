/** @file `plumb datasets update`: license and source of a dataset, said anew. */
import type { GivenProvenance } from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { withAction } from './command.ts';
import { describeDataset } from './describe-dataset.ts';
import type { Output } from './output.ts';

/** @param datasets the command `plumb datasets` */
export function addUpdateCommand(datasets: Command): void {
  withAction(
    datasets
      .command('update')
      .argument('<name>')
      .option('--license <text>', 'license of the images; "" takes it back')
      .option('--source <text>', 'where the images come from; "" takes it back')
      .description('say under which license a dataset is, and where it comes from'),
    update,
  );
}

async function update(
  output: Output,
  name: string,
  { license, source }: GivenProvenance,
): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.datasets.update.mutate({ name, license, source }), describeDataset);
}
