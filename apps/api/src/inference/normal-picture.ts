/** @file What a model expects, as a picture: for versions that were trained with a decoder. */
import { DomainError, hasDecoder, type VersionSelector } from '@plumbline/contracts';
import type { Services } from '../context.ts';
import type { ImageReading } from './image-range.ts';
import { decodeFor } from './served-model.ts';

export interface NormalPictureInput extends ImageReading {
  readonly name: string;
  readonly selector: VersionSelector;
}

/**
 * @returns PNG bytes, in the image's aspect ratio.
 * @throws DomainError NOT_FOUND (model, version, or it has no decoder), INVALID_INPUT (image), UNAVAILABLE (the inference
 *   process ended)
 */
export function normalPicture(
  context: Services,
  input: NormalPictureInput,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  return context.gates.inspections.run(async () => {
    const served = await context.served.get(input.name, input.selector);
    const { model, version } = served.version;
    if (!hasDecoder(served.version)) {
      throw new DomainError(
        'NOT_FOUND',
        `${model} version ${version} has no decoder, so it can't show what it expects.`,
        { field: 'version', fix: 'Train a version with a decoder: plumb train --decoder …' },
      );
    }
    const image = await decodeFor(context, served, bytes, input);
    return context.pictures.picture(await context.inference.decodeNormal(served, image), image);
  }, signal);
}
