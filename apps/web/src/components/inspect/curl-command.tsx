/** @file The same inspection from a terminal. */
'use client';

import { Card } from '~/components/ui/card.tsx';
import { CopyButton } from '~/components/ui/copy-button.tsx';
import { useOrigin } from '~/components/use-origin.ts';
import { type PredictTarget, predictUrl } from '~/format/api-paths.ts';

export function CurlCommand({ target, fileName }: { target: PredictTarget; fileName: string }) {
  const origin = useOrigin();
  const file = `'@${fileName.replaceAll("'", `'\\''`)}'`;
  const command = [
    `curl --data-binary ${file} \\`,
    "  -H 'content-type: application/octet-stream' \\",
    `  '${predictUrl(`${origin}/api`, target)}'`,
  ].join('\n');
  return (
    <Card
      title="The same request with curl"
      description="The answer is JSON: the score, the label, the anomalous regions, and the heatmap as a base64 PNG."
      actions={<CopyButton text={command} />}
    >
      <section
        aria-label="curl command"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        className="relative overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs"
      >
        <pre>{command}</pre>
      </section>
    </Card>
  );
}
