/** @file Paths of the platform's machine, as somebody types them. */
import { resolve } from 'node:path';
import { isS3Path } from '@plumbline/contracts';

/** From this folder on; addresses of buckets stay as they are. */
export function serverPath(path: string): string {
  return isS3Path(path) ? path : resolve(path);
}
