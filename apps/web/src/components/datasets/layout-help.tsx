/** @file How the files of a dataset may be arranged. */
import type { DatasetLayout } from '@plumbline/contracts';

export function LayoutHelp({ layouts }: { layouts: readonly DatasetLayout[] }) {
  return (
    <details className="text-sm">
      <summary className="cursor-pointer font-medium">
        How to arrange the files: {layouts[0]?.title}, or one of {layouts.length - 1} other ways
      </summary>
      <div className="mt-3 max-h-96 space-y-3 overflow-y-auto">
        {layouts.map(({ name, title, expected }) => (
          <section key={name}>
            <h3 className="text-ink-soft">{title}</h3>
            <pre className="mt-1 overflow-x-auto rounded-md bg-sunken p-3 text-xs">{expected}</pre>
          </section>
        ))}
      </div>
    </details>
  );
}
