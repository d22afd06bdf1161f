/** @file Looks at a mask that is stored with its rule: by that rule, not by what the file alone would say. */
import type { Sample } from '@plumbline/contracts';
import { markMask, readMask } from '../images/mask.ts';
import { markedShare } from '../images/mask-png.ts';
import { readingOf } from '../images/mask-rule.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { KeptLook } from '../store/look-pack.ts';

const NOT_ZERO = { above: 0, inverted: false };

/** Null without a mask. */
export async function lookAtMask(
  blobs: Pick<BlobStore, 'read'>,
  { path, mask, maskRule = NOT_ZERO }: Sample,
): Promise<KeptLook['mask']> {
  if (mask === null) return null;
  const values = await readMask(await blobs.read(mask.sha256), `mask of ${path}`);
  const share = markedShare(markMask(values, maskRule));
  const { levels } = readingOf(values, maskRule.inverted ? 'inverted' : undefined);
  return { levels, share };
}
