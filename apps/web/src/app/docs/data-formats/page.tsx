/** @file The repository's own text on data formats, so that a dashboard without network has it too. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Card } from '~/components/ui/card.tsx';
import { MarkdownText } from '~/components/ui/markdown-text.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Data formats' };

export default async function DataFormatsPage() {
  // The server runs in the folder of this workspace.
  const path = join(/* turbopackIgnore: true */ process.cwd(), '../../docs/data-formats.md');
  const text = await readFile(path, 'utf8');
  return (
    <>
      <PageHeader title="Data formats" />
      <Card>
        <MarkdownText headings={headings}>{text.replace(/^# .*\n/, '')}</MarkdownText>
      </Card>
    </>
  );
}

function Heading({ id, children }: { id?: string; children?: ReactNode }) {
  return (
    <h2 id={id} className="scroll-mt-20 pt-3 font-semibold text-base first:pt-0">
      {children}
    </h2>
  );
}

const headings = {
  h2: { component: Heading },
  h3: { props: { className: 'scroll-mt-20 pt-1 font-medium' } },
};
