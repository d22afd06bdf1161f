/** @file The model card of a bundle, its Markdown drawn, and a link to the file itself. */
import Markdown from 'markdown-to-jsx/react';
import type { ComponentProps, ReactNode } from 'react';
import { Card } from '~/components/ui/card.tsx';
import { Td, Th } from '~/components/ui/table.tsx';

interface ModelCardProps {
  markdown: string;
  href: string;
}

export function ModelCard({ markdown, href }: ModelCardProps) {
  return (
    <Card
      title="Model card"
      description="Written from the manifest; part of the bundle."
      actions={
        <a
          href={href}
          download
          className="font-medium text-accent text-sm underline underline-offset-4"
        >
          Download card.md
        </a>
      }
    >
      <div className="space-y-3 text-sm">
        {/* A note that somebody wrote is part of it: HTML in it stays text. */}
        <Markdown
          options={{ wrapper: null, forceBlock: true, disableParsingRawHTML: true, overrides }}
        >
          {markdown}
        </Markdown>
      </div>
    </Card>
  );
}

function Heading({ children }: { children?: ReactNode }) {
  return <h3 className="pt-3 font-semibold">{children}</h3>;
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

/** The page has its `h1` already, and the card its `h2`. */
const overrides = {
  h1: { component: Heading },
  h2: { component: Heading },
  ul: { props: { className: 'list-disc space-y-1 pl-5' } },
  p: { props: { className: 'max-w-prose break-words' } },
  li: { props: { className: 'break-words' } },
  table: { component: ScrollingTable },
  th: { component: Th },
  td: { component: (props: ComponentProps<'td'>) => <Td {...props} /> },
};
