/** @file Says that the category may be another one, and offers those. */
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
