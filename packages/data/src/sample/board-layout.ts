/** @file Which parts the sample category `board` has, and where. */

export type PartKind =
  | 'capacitor'
  | 'can'
  | 'chip'
  | 'connector'
  | 'crystal'
  | 'diode'
  | 'led'
  | 'resistor';

export interface Part {
  readonly kind: PartKind;
  /** Middle of its body. */
  readonly u: number;
  readonly v: number;
  /** Radians; the body lies along it. */
  readonly angle: number;
  readonly halfLength: number;
  readonly halfWidth: number;
  /** Printed on it. */
  readonly marking: string;
}

/** A part of one board. */
export interface PlacedPart extends Part {
  readonly seed: number;
  /** Brightness beside others of its kind. */
  readonly tone: number;
}

/** Half length and half width of each kind. */
export const SIZES: Readonly<Record<PartKind, readonly [number, number]>> = {
  capacitor: [4.2, 2.5],
  can: [6.8, 6.8],
  chip: [15, 7.2],
  connector: [17, 6.2],
  crystal: [8, 3.4],
  diode: [5, 2.6],
  led: [4, 2.6],
  resistor: [4.4, 2.4],
};

const UPRIGHT = Math.PI / 2;

function part(kind: PartKind, u: number, v: number, angle = 0, marking = ''): Part {
  const [halfLength, halfWidth] = SIZES[kind];
  return { kind, u, v, angle, halfLength, halfWidth, marking };
}

export const PARTS: readonly Part[] = [
  part('connector', -47.5, -5, UPRIGHT),
  part('chip', -1, -6, 0, 'PLB328'),
  { ...part('chip', 12, 26, 0, 'LD33'), halfLength: 8 },
  part('crystal', 2, -26),
  part('can', 43, -26),
  part('can', 43, 1),
  part('resistor', -32, -31, 0, '103'),
  part('resistor', -16, -31, 0, '472'),
  part('resistor', 29, 11, UPRIGHT, '220'),
  part('resistor', 37, 21, UPRIGHT, '103'),
  part('resistor', -34, 24, UPRIGHT, '331'),
  part('resistor', -7, 25, UPRIGHT, '472'),
  part('capacitor', 19, -31, UPRIGHT),
  part('capacitor', 27, -21, UPRIGHT),
  part('capacitor', 25, -4, UPRIGHT),
  part('capacitor', -25, 8, 0),
  part('capacitor', -17, 24, UPRIGHT),
  part('capacitor', 28, 31, 0),
  part('led', -26, 34, 0),
  part('led', -40, 34, 0),
  part('diode', -25, 19.5, UPRIGHT),
  part('diode', 46, 23, UPRIGHT),
];
