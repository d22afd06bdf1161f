/** @file `plumb predict`: the score of an image, its heatmap and what the model expects in it; or the scores of many. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { PredictOptions as Asked } from '@plumbline/client';
import {
  DomainError,
  type ModelReference,
  modelReferenceSchema,
  parseValueRange,
  selectorOf,
  selectorOfAlias,
  type ValueRange,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { type Connection, connect, imageClient } from '../api-client.ts';
import { type JsonOption, withAction } from '../command.ts';
import type { Output } from '../output.ts';
import { wholeNumber } from '../version-number.ts';
import { describePrediction } from './describe-prediction.ts';
import { findImages, unreadable } from './find-images.ts';
import { type ImageCounts, predictImages } from './predict-images.ts';
import { formatOf, openResultFile } from './result-file.ts';

/** With many images: a platform that is restarted is back by then. */
const PATIENCE_MS = 120_000;

export function addPredictCommand(program: Command): void {
  withAction(
    program
      .command('predict')
      .argument('<image...>', 'PNG, JPEG, WebP, BMP or TIFF; several, or folders, with --out')
      .requiredOption('--model <name>', 'model, or an alias of it: parts@challenger')
      .option('--version <number>', 'version (default: the promoted one)')
      .option(
        '--category <name>',
        'use the threshold of this category (default: found from the image); "pooled": one threshold for all',
      )
      .option(
        '--range <low..high>',
        'values of black and white in an image with more than 8 bits, such as 0..4095 (default: as in training); 0..255: an image of 8 bits was made as training images with more were',
      )
      .option('--heatmap <file>', 'write the heatmap as PNG')
      .option('--mask <file>', 'write what is anomalous as PNG, white on black')
      .option(
        '--normal <file>',
        'write what the model expects as PNG (a version trained with --decoder)',
      )
      .option(
        '--out <file>',
        'write a line per image to a .csv or .jsonl file; the same command goes on with it after a stop',
      )
      .option('--heatmaps <folder>', 'with --out: write the heatmaps there')
      .description('score an image, or all images of a folder'),
    predict,
  );
}

interface PredictOptions extends JsonOption {
  readonly model: string;
  readonly version?: string;
  readonly category?: string;
  readonly range?: string;
  readonly heatmap?: string;
  readonly mask?: string;
  readonly normal?: string;
  readonly out?: string;
  readonly heatmaps?: string;
}

async function predict(
  output: Output,
  images: readonly string[],
  options: PredictOptions,
): Promise<void> {
  const [image = ''] = images;
  if (options.out !== undefined) return predictMany(output, images, options.out, options);
  if (options.heatmaps !== undefined) throw needsOut('--heatmaps is for many images');
  if (images.length > 1) throw needsOut(`${images.length} images are given`);
  const found = await stat(image).catch(() => null);
  if (found?.isDirectory() === true) throw needsOut(`${image} is a folder`);
  return predictOne(output, image, options);
}

function needsOut(why: string): DomainError {
  return new DomainError('INVALID_INPUT', `${why}, and nothing says where the results go.`, {
    fix: 'Add --out results.csv (or .jsonl); or give one image.',
    field: 'out',
  });
}

async function predictOne(output: Output, image: string, options: PredictOptions): Promise<void> {
  const body = await readFile(image).catch((cause: unknown) => {
    throw unreadable(image, cause);
  });
  const client = imageClient(await connect(output), 0);
  const { model } = options;
  const prediction = await client.predict(model, body, {
    ...(options.version === undefined ? {} : { version: wholeNumber(options.version, 'version') }),
    ...askedBy(options, options.heatmap !== undefined),
    mask: options.mask !== undefined,
  });
  await save(options.heatmap, prediction.heatmap);
  await save(options.mask, prediction.mask);
  if (options.normal !== undefined) {
    const picture = await client.normalPicture(prediction.model, body, {
      // The version that scored, even if another was promoted meanwhile.
      version: prediction.modelVersion,
      ...rangeOf(options),
      ...(prediction.category === null ? {} : { category: prediction.category }),
    });
    await writeFile(options.normal, new Uint8Array(picture));
  }
  const path = (file: string | undefined) => (file === undefined ? null : resolve(file));
  output.result(
    {
      ...prediction,
      ...{ heatmap: path(options.heatmap), mask: path(options.mask) },
      ...(options.normal === undefined ? {} : { normal: path(options.normal) }),
    },
    describePrediction,
  );
}

async function save(file: string | undefined, base64: string | null): Promise<void> {
  if (file !== undefined && base64 !== null) await writeFile(file, Buffer.from(base64, 'base64'));
}

/** What every request asks for. */
function askedBy(options: PredictOptions, heatmap: boolean): Asked {
  return {
    ...rangeOf(options),
    ...(options.category === undefined ? {} : { category: options.category }),
    heatmap,
    regions: true,
  };
}

function rangeOf({ range }: PredictOptions): { range?: ValueRange } {
  return range === undefined ? {} : { range: parseValueRange(range) };
}

async function predictMany(
  output: Output,
  given: readonly string[],
  out: string,
  options: PredictOptions,
): Promise<void> {
  refuseForMany(options);
  formatOf(out);
  const { heatmaps = null } = options;
  const { images, masks } = await findImages(given);
  if (masks.length > 0) output.note(describeMasks(masks));
  const connection = await connect(output);
  // One version for all of them, whatever is promoted meanwhile.
  const { model, version } = await versionOf(connection, options);
  const results = await openResultFile(out, { model, version });
  const stopping = new AbortController();
  const stop = () => stopping.abort(stopped(out));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const asked = { version, ...askedBy(options, heatmaps !== null) };
    const client = imageClient(connection, PATIENCE_MS);
    const { signal } = stopping;
    const counts = await predictImages(output, images, {
      ...{ client, model, asked, heatmaps, results, signal },
    });
    output.result({ ...counts, model, modelVersion: version, out: resolve(out) }, describeCounts);
    if (counts.failed > 0) process.exitCode = 1;
  } catch (error) {
    throw stopping.signal.aborted ? stopping.signal.reason : error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await results.close();
  }
}

function refuseForMany({ heatmap, mask, normal }: PredictOptions): void {
  const [single] = Object.entries({ heatmap, mask, normal }).flatMap(([name, file]) =>
    file === undefined ? [] : [name],
  );
  if (single === undefined) return;
  throw new DomainError('INVALID_INPUT', `--${single} is for one image, and --out for many.`, {
    fix: single === 'heatmap' ? 'Give --heatmaps <folder>.' : 'Leave it out.',
    field: single,
  });
}

interface NamedVersion {
  readonly model: string;
  readonly version: number;
}

async function versionOf({ api }: Connection, options: PredictOptions): Promise<NamedVersion> {
  const reference = readReference(options.model);
  const { model: name } = reference;
  const asked = options.version === undefined ? undefined : wholeNumber(options.version, 'version');
  const selector = selectorOf(reference, asked);
  if (typeof selector === 'number') return { model: name, version: selector };
  const aliases = await api.models.aliases.query({ name });
  const found = aliases.find(({ alias }) => selectorOfAlias(alias) === selector);
  if (found !== undefined) return { model: name, version: found.version };
  if (selector !== 'promoted')
    throw new DomainError('NOT_FOUND', `${name} has no alias ${selector.slice(1)}.`, {
      fix: `See those there are: plumb models alias ${name}.`,
      field: 'model',
    });
  throw new DomainError('NOT_FOUND', `No version of ${name} answers predictions.`, {
    fix: `Promote one: plumb models promote ${name} <version>.`,
    field: 'model',
  });
}

function readReference(text: string): ModelReference {
  const read = modelReferenceSchema.safeParse(text);
  if (read.success) return read.data;
  throw new DomainError('INVALID_INPUT', `"${text}" is no model.`, {
    fix: read.error.issues[0]?.message ?? 'Name a model.',
    field: 'model',
  });
}

function stopped(out: string): DomainError {
  return new DomainError('CANCELLED', 'Stopped; what was answered is in the results.', {
    fix: `Run the same command again to go on with ${out}.`,
  });
}

function describeMasks(masks: readonly string[]): string {
  const [first = ''] = masks;
  const [what, they] =
    masks.length === 1 ? ['1 file is a mask', 'it'] : [`${masks.length} files are masks`, 'they'];
  return `${what} by name, such as ${first}: ${they} will not be inspected. To inspect one, give the file itself.`;
}

function describeCounts(
  counts: ImageCounts & {
    readonly model: string;
    readonly modelVersion: number;
    readonly out: string;
  },
): string {
  const { images, anomalous, normal, uncertain, failed } = counts;
  const doubt = uncertain === 0 ? '' : ` (${uncertain} of them uncertain)`;
  const bad = failed === 0 ? '' : `, ${failed} could not be scored: see the column "error"`;
  return `${images} images: ${anomalous} anomalous, ${normal} normal${doubt}${bad}.\n${counts.model} version ${counts.modelVersion}; results in ${counts.out}`;
}
