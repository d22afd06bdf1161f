/** @file Markdown of ours or of a bundle, drawn; HTML in it stays text. */
import Markdown, { type MarkdownToJSX } from 'markdown-to-jsx/react';
import type { ComponentProps, ReactNode } from 'react';
import { Td, Th } from './table.tsx';

interface MarkdownTextProps {
  /** What headings become, which depends on those around the text. */
  headings: MarkdownToJSX.Overrides;
  children: string;
}

export function MarkdownText({ headings, children }: MarkdownTextProps) {
  return (
    <div className="space-y-3 text-sm">
      <Markdown
        options={{
          wrapper: null,
          forceBlock: true,
          disableParsingRawHTML: true,
          overrides: { ...overrides, ...headings },
        }}
      >
        {children}
      </Markdown>
    </div>
  );
}

/** Not a `TableBox`: that is a landmark, which needs a name that no other has. */
function ScrollingTable({ children }: { children?: ReactNode }) {
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line"
    >
      <table className="w-full border-collapse">{children}</table>
    </div>
  );
}

function ScrollingCode({ children }: { children?: ReactNode }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs"
    >
      {children}
    </pre>
  );
}

const overrides = {
  ul: { props: { className: 'list-disc space-y-1 pl-5' } },
  p: { props: { className: 'max-w-prose break-words' } },
  li: { props: { className: 'max-w-prose break-words' } },
  pre: { component: ScrollingCode },
  table: { component: ScrollingTable },
  th: { component: Th },
  td: { component: (props: ComponentProps<'td'>) => <Td {...props} /> },
};
