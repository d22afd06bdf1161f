/** @file `--mask image=file` of `plumb datasets edit`: files are sent first, and the changes name what was stored. */
import { readFile } from 'node:fs/promises';
import { type DatasetChange, DomainError, storedMaskSchema } from '@plumbline/contracts';
import { type Connection, callRoute } from './api-client.ts';

export interface GivenMask {
  /** Path of the image in the version. */
  readonly path: string;
  /** Null takes the mask away. */
  readonly file: string | null;
  readonly masks?: 'inverted' | 'as-is';
  /** Drawn over the image as it is shown. */
  readonly isUpright?: true;
}

/** @throws DomainError INVALID_INPUT for what is neither `image=file` nor `image=` */
export function masksOf(options: {
  readonly mask?: string[];
  readonly masks?: string;
  readonly upright?: boolean;
}): GivenMask[] {
  const { mask = [], masks, upright = false } = options;
  if (masks !== undefined && masks !== 'inverted' && masks !== 'as-is')
    throw bad('masks', `--masks can't be "${masks}".`, 'Give "inverted" or "as-is".');
  if (masks !== undefined && mask.length === 0)
    throw bad(
      'masks',
      '--masks says how to read masks, and there are none.',
      'Give --mask as well.',
    );
  return mask.map((given) => {
    const at = given.indexOf('=');
    if (at < 1)
      throw bad('mask', `"${given}" names no image and file.`, 'Write --mask <image>=<file.png>.');
    const file = given.slice(at + 1);
    return {
      ...{ path: given.slice(0, at), file: file === '' ? null : file },
      ...(masks === undefined ? {} : { masks }),
      ...(upright ? { isUpright: true as const } : {}),
    };
  });
}

/** @throws DomainError NOT_FOUND naming the file; as the API refuses masks */
export async function sendMasks(
  connection: Connection,
  masks: readonly GivenMask[],
): Promise<DatasetChange[]> {
  const changes: DatasetChange[] = [];
  for (const { path, file, masks: told, isUpright } of masks) {
    const mask = file === null ? null : await send(connection, file, told === 'inverted');
    const large = told === 'as-is' ? { masks: told } : {};
    const lies = isUpright ? { lies: 'upright' as const } : {};
    changes.push({ kind: 'setMask', path, mask, ...large, ...lies });
  }
  return changes;
}

async function send(connection: Connection, file: string, isInverted: boolean): Promise<string> {
  const body = await readFile(file).catch((cause: unknown) => {
    throw new DomainError('NOT_FOUND', `${file} cannot be read: ${String(cause)}.`, {
      ...{ field: 'mask', fix: 'Give a file that is there.', file, cause },
    });
  });
  const response = await callRoute(connection, `/v1/masks${isInverted ? '?masks=inverted' : ''}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body,
  });
  return storedMaskSchema.parse(await response.json()).sha256;
}

function bad(field: string, message: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { field, fix });
}
