/** @file An inspected image as an import takes it: one normal training image of its category. */
import type { PickedFiles } from '~/components/uploads/picked-files.ts';
import type { InspectedImage } from './use-inspection.ts';

export function trainingImage(
  { name, bytes }: Pick<InspectedImage, 'name' | 'bytes'>,
  category: string,
): PickedFiles {
  const file = bytes instanceof File ? bytes : new File([bytes], name, { lastModified: 0 });
  const path = `${category}/train/good/${name}`;
  return { kind: 'folder', name: 'false-alarm', files: [{ path, file }] };
}
