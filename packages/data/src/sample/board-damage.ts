/** @file What can be wrong with the sample category `board`. */
import type { PartKind, PlacedPart } from './board-layout.ts';
import { SIZES } from './board-layout.ts';
import { PIN_PITCH } from './board-parts.ts';
import type { Random } from './random.ts';
import { createBlob, type Defect, type Weight } from './scene.ts';

interface PlacedParts {
  readonly parts: readonly PlacedPart[];
  /** Solder where there should be none. */
  readonly bridge: Weight | null;
}

/** What is soldered in place of another by mistake. */
const MISTAKEN: Readonly<Partial<Record<PartKind, PartKind>>> = {
  capacitor: 'resistor',
  diode: 'led',
  led: 'capacitor',
  resistor: 'capacitor',
};

export function placeParts(parts: readonly PlacedPart[], defect: Defect | null): PlacedParts {
  if (defect === null) return { parts, bridge: null };
  const { random, type } = defect;
  if (type === 'bridge') return { parts, bridge: solderBridge(parts, random) };
  const chosen = choose(parts, random, type);
  const changed = (change: (part: PlacedPart) => readonly PlacedPart[]): PlacedParts => ({
    parts: parts.flatMap((part, index) => (index === chosen ? change(part) : [part])),
    bridge: null,
  });
  switch (type) {
    case 'missing':
      return changed(() => []);
    case 'shifted': {
      const way = random.range(0, 2 * Math.PI);
      const far = random.range(1.4, 3.4);
      const turn = random.sign() * random.range(0.12, 0.6);
      return changed((part) => [
        {
          ...part,
          u: part.u + far * Math.cos(way),
          v: part.v + far * Math.sin(way),
          angle: part.angle + turn,
        },
      ]);
    }
    default:
      return changed((part) => [mistaken(part)]);
  }
}

/** Small parts are moved or left out more often than large ones, and a connector never is. */
function choose(parts: readonly PlacedPart[], random: Random, type: string): number {
  const suits = parts.flatMap(({ kind }, index) =>
    kind === 'connector' || (kind === 'crystal' && type === 'wrong_part') ? [] : [index],
  );
  return suits[random.integer(0, suits.length - 1)] ?? 0;
}

/** Another part on the same pads; one that has no double lies the wrong way round. */
function mistaken(part: PlacedPart): PlacedPart {
  const kind = MISTAKEN[part.kind];
  if (kind === undefined) return { ...part, angle: part.angle + Math.PI };
  const [halfLength, halfWidth] = SIZES[kind];
  return { ...part, kind, halfLength, halfWidth, marking: kind === 'resistor' ? '000' : '' };
}

/** Between two neighboring pins of a chip. */
function solderBridge(parts: readonly PlacedPart[], random: Random): Weight {
  const chips = parts.filter(({ kind }) => kind === 'chip');
  const chip = chips[random.integer(0, chips.length - 1)] ?? parts[0];
  if (chip === undefined) return () => 0;
  const count = Math.floor((2 * chip.halfLength) / PIN_PITCH);
  const gap = random.integer(0, count - 2) - (count - 2) / 2;
  return createBlob(random, {
    x: chip.u + gap * PIN_PITCH,
    y: chip.v + random.sign() * (chip.halfWidth + random.range(1.6, 2.8)),
    radius: random.range(2, 3.2),
    softness: 0.5,
  });
}
