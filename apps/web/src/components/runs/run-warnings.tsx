/** @file What a run warns of, out of its log. */
import type { RunLogLine } from '@plumbline/contracts';
import { Notice } from '~/components/ui/notice.tsx';

export function RunWarnings({ lines }: { lines: readonly RunLogLine[] }) {
  const warnings = lines.filter(({ severity }) => severity === 'warning');
  if (warnings.length === 0) return null;
  return (
    <section aria-label="Warnings">
      <Notice>
        {warnings.length === 1 ? (
          <p>{warnings[0]?.text}</p>
        ) : (
          <ul className="list-disc space-y-1 pl-4">
            {warnings.map(({ id, text }) => (
              <li key={id}>{text}</li>
            ))}
          </ul>
        )}
      </Notice>
    </section>
  );
}
