/** @file Over the image: the polygon so far, the ring of the brush, and the cross of the keyboard. */
import type { ImageBlob } from '@plumbline/contracts';
import type { Point } from './mask-drawing.ts';
import type { Tools } from './tools.ts';

interface DraftOverlayProps {
  image: ImageBlob;
  tools: Tools;
  corners: readonly Point[];
  /** Of the keyboard. */
  cross: Point | null;
  /** Of the pointer. */
  cursor: Point | null;
}

/** Dark below, bright above: seen on every image. */
const LINES = [
  { stroke: '#000', width: 3 },
  { stroke: '#fff', width: 1.5 },
] as const;

export function DraftOverlay({ image, tools, corners, cross, cursor }: DraftOverlayProps) {
  const { width, height } = image;
  const tip = cursor ?? cross;
  const path = [...corners, ...(tip === null || corners.length === 0 ? [] : [tip])];
  const points = path.map(([x, y]) => `${x},${y}`).join(' ');
  // As large as on the screen, whatever the zoom.
  const unit = Math.max(width, height) / 100 / tools.zoom;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${height}`}
      className="pointer-events-none absolute inset-0 size-full overflow-visible"
    >
      {LINES.map(({ stroke, width: strokeWidth }) => (
        <g key={stroke} fill="none" stroke={stroke} strokeWidth={strokeWidth}>
          <polyline points={points} vectorEffect="non-scaling-stroke" />
          {corners.map(([x, y], index) => (
            <circle
              // biome-ignore lint/suspicious/noArrayIndexKey: corners are told apart by their place alone
              key={index}
              cx={x}
              cy={y}
              r={index === 0 ? unit : unit / 2}
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {tip !== null && tools.shape === 'brush' ? (
            <circle cx={tip[0]} cy={tip[1]} r={tools.brush / 2} vectorEffect="non-scaling-stroke" />
          ) : null}
          {cross === null ? null : (
            <path
              d={`M${cross[0] - 2 * unit} ${cross[1]}h${4 * unit}M${cross[0]} ${cross[1] - 2 * unit}v${4 * unit}`}
              vectorEffect="non-scaling-stroke"
            />
          )}
        </g>
      ))}
    </svg>
  );
}
