/** @file What chosen inspections become in the next version of a dataset. */
import {
  type DatasetChange,
  type KeptImage,
  type Label,
  labelByVerdict,
} from '@plumbline/contracts';

/** As whoever chooses says; by the verdict when absent. */
export interface AddedAs {
  readonly label?: Label;
  readonly category?: string;
}

export function labelOf(image: KeptImage, as: AddedAs = {}): Label {
  return as.label ?? labelByVerdict(image) ?? image.predictedLabel;
}

export function addedChange(
  images: readonly KeptImage[],
  as: Readonly<Record<string, AddedAs>>,
  defectType: string,
): DatasetChange | null {
  const added = images.flatMap((image) => {
    const { label, category } = { label: labelOf(image, as[image.id]), ...categoryOf(image, as) };
    if (category === null) return [];
    const defect = label === 'anomalous' && defectType !== '' ? { defectType } : {};
    return [{ inspection: image.id, category, label, ...defect }];
  });
  return added.length === 0 ? null : { kind: 'addInspected', images: added };
}

function categoryOf({ id, category }: KeptImage, as: Readonly<Record<string, AddedAs>>) {
  return { category: as[id]?.category ?? category };
}
