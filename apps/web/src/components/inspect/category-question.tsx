/** @file Asks for the category of an image that the model can't find by itself. */
'use client';

import { type ErrorBody, POOLED } from '@plumbline/contracts';
import { Button } from '~/components/ui/button.tsx';
import { Notice } from '~/components/ui/notice.tsx';

interface CategoryQuestionProps {
  error: ErrorBody;
  categories: readonly string[];
  onChoose: (category: string) => void;
}

export function CategoryQuestion({ error, categories, onChoose }: CategoryQuestionProps) {
  return (
    <Notice>
      <h2 className="font-semibold">Which category does the image belong to?</h2>
      <p className="mt-1">{error.message}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        {categories.map((name) => (
          <Button key={name} variant="secondary" onClick={() => onChoose(name)}>
            {name}
          </Button>
        ))}
        <Button variant="secondary" onClick={() => onChoose(POOLED)}>
          One threshold for all
        </Button>
      </div>
    </Notice>
  );
}
