/** @file Which dataset version and protocol; files of the board; its link. */
'use client';

import type { ExportFormat, Leaderboard } from '@plumbline/contracts';
import { Download } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { buttonClass } from '~/components/ui/button-class.ts';
import { CopyButton } from '~/components/ui/copy-button.tsx';
import { Field, Select } from '~/components/ui/field.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { useOrigin } from '~/components/use-origin.ts';
import { leaderboardExportUrl, leaderboardPath } from '~/format/api-paths.ts';
import { formatPlural } from '~/format/format-number.ts';

const FORMATS: readonly { format: ExportFormat; label: string }[] = [
  { format: 'json', label: 'JSON' },
  { format: 'csv', label: 'CSV' },
  { format: 'markdown', label: 'Markdown' },
  { format: 'latex', label: 'LaTeX' },
];

export function BoardChoice({ board }: { board: Leaderboard }) {
  const origin = useOrigin();
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
      <BoardFields board={board} />
      <Downloads board={board} />
      <CopyButton
        label="Copy link"
        text={`${origin}${leaderboardPath(board.dataset, board.datasetVersion, board.protocolKey)}`}
      />
    </div>
  );
}

function BoardFields({ board }: { board: Leaderboard }) {
  const router = useRouter();
  const inBrowser = useInBrowser();
  const protocols = [
    { key: board.protocolKey, name: board.protocol.name, rows: board.rows.length },
    ...board.otherProtocols.map((one) => ({
      key: one.protocolKey,
      name: one.protocol.name,
      rows: one.rows.length,
    })),
  ];
  return (
    <>
      <Field label="Dataset version">
        {(wiring) => (
          <Select
            {...wiring}
            disabled={!inBrowser}
            value={board.datasetVersion}
            onChange={(event) =>
              router.push(leaderboardPath(board.dataset, event.target.value, null))
            }
          >
            {board.datasetVersions.map((version) => (
              <option key={version}>{version}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Protocol">
        {(wiring) => (
          <Select
            {...wiring}
            disabled={!inBrowser}
            value={board.protocolKey}
            onChange={(event) =>
              router.push(leaderboardPath(board.dataset, board.datasetVersion, event.target.value))
            }
          >
            {protocols.map(({ key, name, rows }) => (
              <option key={key} value={key}>
                {name} ({formatPlural(rows, 'version')})
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}

function Downloads({ board }: { board: Leaderboard }) {
  return (
    <ul aria-label="Download this leaderboard" className="flex flex-wrap gap-2">
      {FORMATS.map(({ format, label }) => (
        <li key={format}>
          <a
            href={leaderboardExportUrl(board, format)}
            download
            className={buttonClass('secondary')}
          >
            <Download aria-hidden="true" className="size-4" />
            {label}
          </a>
        </li>
      ))}
    </ul>
  );
}
