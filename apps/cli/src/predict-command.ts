/** @file `plumb predict`: the score of one image, its heatmap, and what the model expects in it. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  DomainError,
  formatValueRange,
  parseValueRange,
  predictionSchema,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { type Connection, callRoute, connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { describePrediction } from './describe-prediction.ts';
import type { Output } from './output.ts';
import { wholeNumber } from './version-number.ts';

export function addPredictCommand(program: Command): void {
  withAction(
    program
      .command('predict')
      .argument('<image>', 'PNG, JPEG, WebP, BMP or TIFF')
      .requiredOption('--model <name>', 'model')
      .option('--version <number>', 'version (default: the promoted one)')
      .option(
        '--category <name>',
        'use the threshold of this category (default: found from the image); "pooled": one threshold for all',
      )
      .option(
        '--range <low..high>',
        'values of black and white in an image with more than 8 bits, such as 0..4095 (default: as in training)',
      )
      .option('--heatmap <file>', 'write the heatmap as PNG')
      .option(
        '--normal <file>',
        'write what the model expects as PNG (a version trained with --decoder)',
      )
      .description('score one image'),
    predict,
  );
}

interface PredictOptions extends JsonOption {
  readonly model: string;
  readonly version?: string;
  readonly category?: string;
  readonly range?: string;
  readonly heatmap?: string;
  readonly normal?: string;
}

async function predict(output: Output, image: string, options: PredictOptions): Promise<void> {
  const body = await readFile(image).catch((cause: unknown) => {
    throw new DomainError('NOT_FOUND', `The image ${image} can't be read.`, {
      file: image,
      fix: 'Check the path.',
      cause,
    });
  });
  const connection = await connect(output);
  const version =
    options.version === undefined
      ? {}
      : { version: String(wholeNumber(options.version, 'version')) };
  const range =
    options.range === undefined ? {} : { range: formatValueRange(parseValueRange(options.range)) };
  const response = await sendImage(connection, options.model, 'predict', body, {
    ...version,
    ...range,
    ...(options.category === undefined ? {} : { category: options.category }),
    ...(options.heatmap === undefined ? {} : { heatmap: 'true' }),
    regions: 'true',
  });
  const prediction = predictionSchema.parse(await response.json());
  if (options.heatmap !== undefined && prediction.heatmap !== null)
    await writeFile(options.heatmap, Buffer.from(prediction.heatmap, 'base64'));
  if (options.normal !== undefined) {
    // The version that scored, even if another was promoted meanwhile.
    const picture = await sendImage(connection, options.model, 'normal', body, {
      version: String(prediction.modelVersion),
      ...range,
      ...(prediction.category === null ? {} : { category: prediction.category }),
    });
    await writeFile(options.normal, new Uint8Array(await picture.arrayBuffer()));
  }
  const path = (file: string | undefined) => (file === undefined ? null : resolve(file));
  output.result(
    {
      ...prediction,
      heatmap: path(options.heatmap),
      ...(options.normal === undefined ? {} : { normal: path(options.normal) }),
    },
    describePrediction,
  );
}

function sendImage(
  connection: Connection,
  model: string,
  route: 'predict' | 'normal',
  body: Uint8Array<ArrayBuffer>,
  query: Record<string, string>,
): Promise<Response> {
  return callRoute(
    connection,
    `/v1/models/${encodeURIComponent(model)}/${route}?${new URLSearchParams(query)}`,
    { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body },
  );
}
