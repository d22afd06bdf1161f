/** @file `plumb models keep|kept`: which inspected images a model keeps, and those that become images of its dataset. */
import {
  type DatasetImport,
  DomainError,
  KEPT_KIND_WORDS,
  type Keeping,
  type KeptImage,
  type KeptImages,
  keepingSchema,
  keptKindSchema,
  keptVerdictSchema,
  labelByVerdict,
  MOST_KEPT_LISTED,
  OPERATOR_VERDICT_WORDS,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { type Connection, connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { describeDataset } from './describe-dataset.ts';
import { megabytes, type Output, table } from './output.ts';
import { wholeNumber } from './version-number.ts';
import { waitForImport } from './wait-for-import.ts';

/** @param models the command `plumb models` */
export function addKeptCommands(models: Command): void {
  withAction(
    models
      .command('keep')
      .argument('<name>')
      .argument('<what>', keptKindSchema.options.join(', '))
      .option('--close-from <share>', 'of anomalousOrClose: share of the threshold, default 0.8')
      .option('--every <n>', 'of everyNth, default 100')
      .option('--max-images <n>', 'default 1000')
      .option('--max-mb <n>', 'default 2000')
      .option('--max-days <n>', 'default 30')
      .description('say which inspected images a model keeps; none unless you say so'),
    keep,
  );
  withAction(
    models
      .command('kept')
      .argument('<name>')
      .option('--verdict <verdict>', `those judged ${keptVerdictSchema.options.join(', ')}`)
      .option('--category <name>', 'those of one category')
      .option('--id <inspection...>', 'these alone')
      .option('--add', 'add those with a verdict to the dataset of the model, as a new version')
      .option('--defect <type>', 'defect type of the anomalous ones that are added')
      .description('list the inspected images that are kept, or add them to the dataset'),
    kept,
  );
}

interface KeepOptions extends JsonOption {
  readonly closeFrom?: string;
  readonly every?: string;
  readonly maxImages?: string;
  readonly maxMb?: string;
  readonly maxDays?: string;
}

async function keep(
  output: Output,
  name: string,
  what: string,
  options: KeepOptions,
): Promise<void> {
  const keeping = keepingOf(what, options);
  const { api } = await connect(output);
  output.result(await api.monitoring.keep.mutate({ name, ...keeping }), describeKeeping);
}

/** @throws DomainError INVALID_INPUT naming the option */
export function keepingOf(what: string, options: KeepOptions): Keeping {
  const count = (text: string | undefined, field: string) =>
    text === undefined ? undefined : wholeNumber(text, field);
  const maxMb = count(options.maxMb, 'max-mb');
  const parsed = keepingSchema.safeParse({
    keep: what,
    ...(options.closeFrom === undefined ? {} : { closeFrom: Number(options.closeFrom) }),
    every: count(options.every, 'every'),
    maxImages: count(options.maxImages, 'max-images'),
    maxBytes: maxMb === undefined ? undefined : maxMb * 1e6,
    maxDays: count(options.maxDays, 'max-days'),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? 'keep';
  throw new DomainError('INVALID_INPUT', `${field}: ${issue?.message ?? 'not understood'}.`, {
    field,
    fix: `Keep one of ${keptKindSchema.options.join(', ')}; see "plumb models keep --help".`,
  });
}

function describeKeeping({ keep: kind, closeFrom, every, ...limits }: Keeping): string {
  if (kind === 'none')
    return 'No inspected image is kept. Those that are kept stay until their limits.';
  const which = {
    none: '',
    all: 'Every inspected image is kept',
    everyNth: `Every ${every}th inspected image is kept`,
    anomalousOrClose: `Inspected images are kept that are ${KEPT_KIND_WORDS.anomalousOrClose} (from ${closeFrom} of it on)`,
  }[kind];
  return `${which}: at most ${limits.maxImages}, ${megabytes(limits.maxBytes)} and ${limits.maxDays} days.`;
}

interface KeptOptions extends JsonOption {
  readonly verdict?: string;
  readonly category?: string;
  readonly id?: string[];
  readonly add?: boolean;
  readonly defect?: string;
}

async function kept(output: Output, name: string, options: KeptOptions): Promise<void> {
  const verdict = options.verdict === undefined ? undefined : verdictOf(options.verdict);
  const connection = await connect(output);
  const { category, id } = options;
  const asked = { name, limit: MOST_KEPT_LISTED, category, verdict };
  const found = await connection.api.monitoring.keptImages.query(asked);
  const images = found.images.filter((one) => id === undefined || id.includes(one.id));
  if (options.add !== true) {
    output.result({ ...found, images }, describeKept);
    return;
  }
  const started = await add(connection, name, images, options.defect);
  const made = await waitForImport(connection, output, started, 'Looked at');
  output.result(made, describeDataset);
}

function verdictOf(text: string) {
  const parsed = keptVerdictSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new DomainError('INVALID_INPUT', `"${text}" is no verdict.`, {
    field: 'verdict',
    fix: `Use one of ${keptVerdictSchema.options.join(', ')}.`,
  });
}

async function add(
  { api }: Connection,
  name: string,
  images: readonly KeptImage[],
  defectType: string | undefined,
): Promise<DatasetImport> {
  const added = images.flatMap((image) => {
    const label = labelByVerdict(image);
    if (label === null || image.category === null) return [];
    const { id: inspection, category } = image;
    const defect = label === 'anomalous' && defectType !== undefined ? { defectType } : {};
    return [{ inspection, category, label, ...defect }];
  });
  if (added.length === 0)
    throw new DomainError('INVALID_INPUT', 'None of these images has a verdict and a category.', {
      fix: 'Judge inspections first, on the page of monitoring; see "plumb models kept".',
    });
  const [version] = await api.models.get.query({ name });
  const dataset = version?.manifest.lineage.dataset ?? '';
  const note = `Inspected by ${name}`;
  const changes = [{ kind: 'addInspected' as const, images: added }];
  return api.datasets.edit.mutate({ name: dataset, changes, note });
}

function describeKept({ keeping, total, images }: KeptImages): string {
  const head = `${describeKeeping(keeping)} There are ${total.images}, ${megabytes(total.bytes)}.`;
  if (images.length === 0) return head;
  return [
    head,
    table(
      ['inspection', 'at', 'category', 'label', 'score', 'threshold', 'verdict', 'added to'],
      images.map((one) => [
        one.id,
        one.at.slice(0, 19),
        one.category ?? 'pooled threshold',
        one.predictedLabel,
        one.imageScore.toPrecision(4),
        one.threshold.toPrecision(4),
        one.verdict === null ? '–' : OPERATOR_VERDICT_WORDS[one.verdict],
        one.addedTo ?? '–',
      ]),
    ),
  ].join('\n');
}
