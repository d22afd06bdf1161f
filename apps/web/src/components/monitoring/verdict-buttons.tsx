/** @file An operator says whether the label of an inspection was right. */
'use client';

import { type Label, OPERATOR_VERDICT_WORDS, type OperatorVerdict } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useMay } from '~/components/access/caller.tsx';
import { PlainButton } from '~/components/ui/button.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

interface VerdictButtonsProps {
  id: string;
  /** What the inspection is called, for who hears it only. */
  name: string;
  label: Label;
  initial: OperatorVerdict | null;
}

/** Pressed once more, a verdict is taken back. */
export function VerdictButtons({ id, name, label, initial }: VerdictButtonsProps) {
  const router = useRouter();
  const mayJudge = useMay('operator');
  const [said, setSaid] = useState(initial);
  const judge = useMutation(
    useTRPC().monitoring.judge.mutationOptions({
      onSuccess: ({ verdict }) => {
        setSaid(verdict);
        router.refresh();
      },
    }),
  );
  const wrong = label === 'anomalous' ? 'falseAlarm' : 'missedDefect';
  return (
    <div className="space-y-2">
      {/* biome-ignore lint/a11y/useSemanticElements: two buttons are no form */}
      <div role="group" aria-label={`Verdict on ${name}`} className="flex flex-wrap gap-2 text-sm">
        {(['right', wrong] as const).map((verdict) => (
          <PlainButton
            key={verdict}
            aria-pressed={said === verdict}
            disabled={judge.isPending || !mayJudge}
            onClick={() => judge.mutate({ id, verdict: said === verdict ? null : verdict })}
            className={classNames(
              'rounded-full border px-3 py-1',
              said === verdict
                ? 'border-accent bg-accent-soft font-medium'
                : 'border-line-strong hover:bg-sunken',
            )}
          >
            {OPERATOR_VERDICT_WORDS[verdict]}
          </PlainButton>
        ))}
      </div>
      {judge.error ? <ErrorNotice error={errorBodyOf(judge.error)} /> : null}
    </div>
  );
}
