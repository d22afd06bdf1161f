/** @file Says that the category may be another one, and offers those; or that the image looks like nothing the model knows. */
'use client';

import { Button } from '~/components/ui/button.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { formatShare } from '~/format/format-number.ts';
import type { InspectedPrediction } from './use-inspection.ts';

interface CategoryDoubtProps {
  prediction: InspectedPrediction;
  onCategory: (category: string) => void;
}

export function CategoryDoubt({ prediction, onCategory }: CategoryDoubtProps) {
  if (prediction.unfamiliar === true) return <Unfamiliar />;
  if (!prediction.categoryUncertain) return null;
  return (
    <Notice>
      <p>
        This image may belong to another category than {prediction.category}, or to none that the
        model knows, in which case this result says little. Which category is it?
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        {prediction.categoryCandidates.map(({ category, confidence }) => (
          <Button key={category} variant="secondary" onClick={() => onCategory(category)}>
            {category} ({formatShare(confidence)})
          </Button>
        ))}
      </div>
    </Notice>
  );
}

function Unfamiliar() {
  return (
    <Notice>
      <p>
        <strong>Unfamiliar image.</strong> It looks like none of the images that the model was
        trained on, so this result says little. Is it the right product, in front of the camera, in
        the usual light?
      </p>
    </Notice>
  );
}
