/** @file What to do first, with what is done already. */
import type { SystemStatus } from '@plumbline/contracts';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { MakeSampleButton } from '~/components/datasets/make-sample-button.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { Card } from '~/components/ui/card.tsx';

interface FirstStepsProps {
  status: SystemStatus;
  hasPromoted: boolean;
}

export function FirstSteps({ status, hasPromoted }: FirstStepsProps) {
  const hasDataset = status.datasets > 0;
  const hasModel = status.models > 0;
  if (hasDataset && hasModel && hasPromoted) return null;
  return (
    <Card title="First steps" description="From nothing to a working inspection in a few minutes.">
      <ol className="space-y-5">
        <Step done={hasDataset} number={1} title="Import a dataset">
          <p className="text-sm text-ink-soft">
            Import your own images, or make the sample dataset: small generated images with defects.
          </p>
          <div className="flex flex-wrap gap-2">
            <MakeSampleButton />
            <ButtonLink href="/datasets" variant="secondary">
              Import your own
            </ButtonLink>
          </div>
        </Step>
        <Step done={hasModel} number={2} title="Train a model">
          <p className="text-sm text-ink-soft">
            One model learns all categories of a dataset. The “tiny” preset takes about a minute.
          </p>
          <ButtonLink href="/runs/new" variant={hasDataset ? 'primary' : 'secondary'}>
            Start a run
          </ButtonLink>
        </Step>
        <Step done={hasPromoted} number={3} title="Inspect an image">
          <p className="text-sm text-ink-soft">
            The first version of a model serves at once; later ones when you promote them.
          </p>
          {hasModel ? <ButtonLink href="/models">Choose a version to promote</ButtonLink> : null}
        </Step>
      </ol>
    </Card>
  );
}

interface StepProps {
  done: boolean;
  number: number;
  title: string;
  children: ReactNode;
}

function Step({ done, number, title, children }: StepProps) {
  return (
    <li className="flex gap-4">
      <span
        aria-hidden="true"
        className={`flex size-7 shrink-0 items-center justify-center rounded-full text-sm font-semibold ${done ? 'bg-accent text-accent-ink' : 'border border-line-strong'}`}
      >
        {done ? <Check className="size-4" /> : number}
      </span>
      <div className="min-w-0 space-y-2">
        <h3 className="font-medium">
          {title}
          {done ? <span className="text-sm font-normal text-ink-soft"> (done)</span> : null}
        </h3>
        {done ? null : children}
      </div>
    </li>
  );
}
