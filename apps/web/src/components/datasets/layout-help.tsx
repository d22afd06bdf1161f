/** @file How the files of a dataset may be arranged. */
import type { DatasetLayout } from '@plumbline/contracts';

export function LayoutHelp({ layouts }: { layouts: readonly DatasetLayout[] }) {
  return (
    <details className="text-sm">
      <summary className="cursor-pointer font-medium">
        How to arrange the files: {layouts.map(({ title }) => title).join(' or ')}
      </summary>
      {layouts.map(({ name, title, expected }) => (
        <section key={name} className="mt-3">
          <h3 className="text-ink-soft">{title}</h3>
          <pre className="mt-1 overflow-x-auto rounded-md bg-sunken p-3 text-xs">{expected}</pre>
        </section>
      ))}
    </details>
  );
}
