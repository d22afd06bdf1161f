/** @file Says that the category may be another one, and offers those. */
'use client';

import type { Prediction } from '@plumbline/contracts';
import { Button } from '~/components/ui/button.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { formatShare } from '~/format/format-number.ts';

interface CategoryDoubtProps {
  prediction: Prediction;
  onCategory: (category: string) => void;
}

export function CategoryDoubt({ prediction, onCategory }: CategoryDoubtProps) {
  if (!prediction.categoryUncertain) return null;
  return (
    <Notice>
      <p>
        The image may be of another category than {prediction.category}, or of none that the model
        knows, and then this verdict is worth little. Which one is it?
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
