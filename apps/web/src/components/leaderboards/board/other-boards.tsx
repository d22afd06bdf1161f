/** @file Results on the same dataset version that this board leaves out: under which protocol, how many, and why. */
import type { Leaderboard } from '@plumbline/contracts';
import { Notice } from '~/components/ui/notice.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { leaderboardPath } from '~/format/api-paths.ts';
import { formatPlural } from '~/format/format-number.ts';

export function OtherBoards({ board }: { board: Leaderboard }) {
  const { dataset, datasetVersion, otherProtocols } = board;
  if (otherProtocols.length === 0) return null;
  return (
    <Notice>
      <p className="font-medium">This board does not have all results.</p>
      <ul aria-label="Results under other protocols" className="mt-1 space-y-1">
        {otherProtocols.map(({ protocol, protocolKey, rows, differences }) => (
          <li key={protocolKey}>
            <TextLink href={leaderboardPath(dataset, datasetVersion, protocolKey)}>
              {formatPlural(rows.length, 'more version')} under {protocol.name}
            </TextLink>
            , not comparable:{' '}
            {differences
              .map(({ label, here, there }) => `${label.toLowerCase()} ${there}, here ${here}`)
              .join('; ')}
            .
          </li>
        ))}
      </ul>
    </Notice>
  );
}
