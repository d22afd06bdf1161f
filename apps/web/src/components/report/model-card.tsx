/** @file The model card of a bundle, its Markdown drawn, and a link to the file itself. */
import type { ReactNode } from 'react';
import { Card } from '~/components/ui/card.tsx';
import { MarkdownText } from '~/components/ui/markdown-text.tsx';

interface ModelCardProps {
  markdown: string;
  href: string;
}

export function ModelCard({ markdown, href }: ModelCardProps) {
  return (
    <Card
      title="Model card"
      description="Written from the manifest and part of the bundle."
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
      <MarkdownText headings={headings}>{markdown}</MarkdownText>
    </Card>
  );
}

function Heading({ children }: { children?: ReactNode }) {
  return <h3 className="pt-3 font-semibold">{children}</h3>;
}

/** The page has its `h1` already, and the card its `h2`. */
const headings = { h1: { component: Heading }, h2: { component: Heading } };
