/** @file `plumb results import|list`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, importResultsInput, type ResultImport } from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { type Output, table } from './output.ts';
import { serverPath } from './server-path.ts';

const POLL_MS = 300;

export function addResultCommands(program: Command): void {
  const results = program
    .command('results')
    .description('put the results of another model on a leaderboard');
  withAction(
    results
      .command('import')
      .argument(
        '<source>',
        '.npz, or a folder or .zip of maps with a .csv; on the disk of the platform',
      )
      .requiredOption('--dataset <name>', 'dataset that was scored')
      .requiredOption('--name <model>', 'name of the model on the leaderboard')
      .option(
        '--protocol <name>',
        'protocol that the scores and maps were computed under',
        'plumbline-256',
      )
      .option('--method <text>', 'method that made them', 'external')
      .option('--seed <number>', 'seed that they were made with', '0')
      .option('--note <text>', 'a remark for the model card', '')
      .option('--resize-maps <how>', 'maps of another size: refuse or bilinear', 'refuse')
      .description('evaluate per-image scores and maps of an external model'),
    importResults,
  );
  withAction(
    results
      .command('list')
      .option('--dataset <name>', 'only of this dataset')
      .description('list the latest imports of results'),
    list,
  );
}

interface ImportOptions extends JsonOption {
  readonly dataset: string;
  readonly name: string;
  readonly protocol: string;
  readonly method: string;
  readonly seed: string;
  readonly note: string;
  readonly resizeMaps: string;
}

async function importResults(
  output: Output,
  source: string,
  options: ImportOptions,
): Promise<void> {
  const { dataset, name, protocol, method, note } = options;
  const input = importResultsInput.safeParse({
    dataset,
    model: name,
    protocol,
    method,
    note,
    seed: Number(options.seed),
    mapResize: options.resizeMaps,
    source: { kind: 'path', path: serverPath(source) },
  });
  if (!input.success) {
    const issue = input.error.issues[0];
    throw new DomainError('INVALID_INPUT', issue?.message ?? 'The options are not valid.', {
      field: issue?.path.join('.') ?? 'options',
      fix: 'See "plumb results import --help".',
    });
  }
  const { api } = await connect(output);
  let state = await api.results.import.mutate(input.data);
  while (state.status === 'queued' || state.status === 'running') {
    await sleep(POLL_MS);
    state = await api.results.importStatus.query({ id: state.id });
    output.progress(
      state.total === null
        ? 'Reading the results …'
        : `Evaluated ${state.checked} of ${state.total} images.`,
    );
  }
  if (state.error !== null) throw DomainError.fromBody(state.error);
  output.result(
    state,
    (one) =>
      `Imported as ${one.model} version ${one.modelVersion}. See "plumb leaderboard --dataset ${one.dataset}".`,
  );
}

async function list(output: Output, options: JsonOption & { dataset?: string }): Promise<void> {
  const { api } = await connect(output);
  const { dataset } = options;
  output.result(
    await api.results.imports.query(dataset === undefined ? {} : { dataset }),
    describe,
  );
}

function describe(imports: readonly ResultImport[]): string {
  if (imports.length === 0) return 'No results were imported yet.';
  return table(
    ['model', 'version', 'dataset', 'status', 'images', 'imported', 'error'],
    imports.map((one) => [
      one.model,
      one.modelVersion ?? '–',
      one.dataset,
      one.status,
      one.total ?? '–',
      one.createdAt.slice(0, 16),
      one.error?.message ?? '',
    ]),
  );
}
