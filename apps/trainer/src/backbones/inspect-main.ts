/** @file A child process that looks at a backbone file and tells its parent. Arguments: path, image size. */
import { resolve } from 'node:path';
import { type BackboneInspection, type ErrorBody, toErrorBody } from '@plumbline/contracts';
import { inspectBackbone } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';

export type InspectionOutcome =
  | { readonly type: 'inspected'; readonly inspection: BackboneInspection }
  | { readonly type: 'failed'; readonly error: ErrorBody };

async function outcomeOf(path: string, imageSizePx: number): Promise<InspectionOutcome> {
  try {
    const executor = await createExecutor();
    return {
      type: 'inspected',
      inspection: await inspectBackbone({ path: resolve(path), executor, imageSizePx }),
    };
  } catch (error) {
    return { type: 'failed', error: toErrorBody(error) };
  }
}

const [, , path = '', size = '256'] = process.argv;
process.send?.(await outcomeOf(path, Number(size)), undefined, undefined, () => process.exit(0));
