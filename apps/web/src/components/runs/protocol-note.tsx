/** @file Which board a run will be ranked on, said before it starts: image size and tiles decide. */
import {
  describeTiles,
  type LeaderboardSummary,
  type Preprocessing,
  type ProtocolSummary,
  protocolNameAt,
} from '@plumbline/contracts';
import { formatPlural } from '~/format/format-number.ts';

interface ProtocolNoteProps {
  /** Of the dataset; undefined where it is not known. */
  board: LeaderboardSummary | undefined;
  prepared: Preprocessing;
}

export function ProtocolNote({ board, prepared }: ProtocolNoteProps) {
  const name = protocolNameAt(prepared);
  const protocols = board?.protocols ?? [];
  const beside = protocols.find((one) => one.protocol === name);
  const apart = protocols.filter((one) => one.protocol !== name);
  return (
    <p role="status" className="text-sm">
      At {describeTiles(prepared) ?? `${prepared.imageSizePx} × ${prepared.imageSizePx} px`} it is
      ranked under <span className="font-medium">{name}</span>, {placeText(beside, apart)}
    </p>
  );
}

function placeText(beside: ProtocolSummary | undefined, apart: readonly ProtocolSummary[]): string {
  const there = apart.map(
    ({ rows, protocol }) => `${formatPlural(rows, 'version')} under ${protocol}`,
  );
  if (beside !== undefined) {
    const own = `beside ${formatPlural(beside.rows, 'version')}.`;
    return there.length === 0 ? own : `${own} Not comparable with it: ${there.join(', ')}.`;
  }
  if (there.length === 0) return 'as the first result on this dataset.';
  return `apart from ${there.join(' and ')}: results at different image sizes or tiles can’t be compared.`;
}
