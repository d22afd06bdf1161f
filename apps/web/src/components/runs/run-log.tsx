/** @file The log of a run, kept at its end while somebody reads there. */
'use client';

import type { RunLogLine } from '@plumbline/contracts';
import { useEffect, useRef } from 'react';
import { Card } from '~/components/ui/card.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { formatClock } from '~/format/format-time.ts';

const SEVERITY_CLASS = { info: '', warning: 'text-warn', error: 'text-bad' };

interface RunLogProps {
  lines: RunLogLine[];
  active: boolean;
}

export function RunLog({ lines, active }: RunLogProps) {
  const box = useRef<HTMLElement>(null);
  const count = lines.length;
  useEffect(() => {
    const element = box.current;
    if (element === null || count === 0) return;
    const nearEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 120;
    if (nearEnd) element.scrollTop = element.scrollHeight;
  }, [count]);

  return (
    <Card title="Log" description="Times in UTC.">
      {count === 0 ? (
        <p className="text-sm text-ink-soft">
          {active ? 'Nothing yet. Lines appear here once a trainer takes the run.' : 'No lines.'}
        </p>
      ) : (
        <section
          ref={box}
          aria-label="Log lines"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          tabIndex={0}
          className="relative max-h-80 overflow-y-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs leading-relaxed"
        >
          {lines.map((line) => (
            <p key={line.id} className={classNames('break-words', SEVERITY_CLASS[line.severity])}>
              <span className="text-ink-soft">{formatClock(line.at)}</span>{' '}
              {line.severity === 'info' ? '' : `${line.severity}: `}
              {line.text}
            </p>
          ))}
        </section>
      )}
    </Card>
  );
}
