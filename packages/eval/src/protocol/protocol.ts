/** @file Plumbline's evaluation protocol as data; `docs/evaluation-protocol.md` is the same in prose. */
import { createHash } from 'node:crypto';
import {
  DomainError,
  describeMapSize,
  describeTiles,
  mapSize,
  type Preprocessing,
  type Protocol,
  type ProtocolDifference,
  protocolNameAt,
  protocolSchema,
  type TileGrid,
} from '@plumbline/contracts';

const MASK_RULE = 'nearest-neighbor resize; any non-zero pixel is anomalous';

const IGNORE_RULES = {
  scored:
    'regions of the dataset version: left out of smoothing, lowest value of the map, not counted in pixel metrics',
  imported:
    'regions of the dataset version: not counted in pixel metrics; image scores as imported',
} as const;

export interface ProtocolOptions {
  /**
   * Whether the masks of the test split have regions that nearest neighbor would lose. Where they have none, the rule that
   * keeps such regions gives the same masks as the one before it, and results stay comparable.
   */
  readonly keptRegions?: boolean;
  /** Into which images are cut, each of the image size; absent for whole images. */
  readonly tiles?: TileGrid | undefined;
  /** Where the dataset version has ignore regions: whether image scores were made here, without them, or imported. */
  readonly ignored?: keyof typeof IGNORE_RULES | undefined;
}

/**
 * The protocol at an image size.
 *
 * @param imageSizePx side of the square that images, maps and masks are resized to, pixels
 */
export function protocolFor(
  imageSizePx: number,
  { keptRegions = false, tiles, ignored }: ProtocolOptions = {},
): Protocol {
  if (!Number.isInteger(imageSizePx) || imageSizePx <= 0) {
    throw new DomainError('INVALID_INPUT', `The image size is ${imageSizePx}.`, {
      field: 'imageSizePx',
      fix: 'Use a whole number of pixels above 0, such as 256.',
    });
  }
  // The fields that are not named here have what 0.1 did as their default, and nothing has changed since.
  return protocolSchema.parse({
    name: protocolNameAt({ imageSizePx, ...(tiles === undefined ? {} : { tiles }) }),
    imageSizePx,
    ...(tiles === undefined
      ? { resize: 'to a square, aspect ratio not kept' }
      : tiledRules({ imageSizePx, tiles })),
    imageScoreRule: 'maximum of the smoothed anomaly map',
    pixelScoreRule:
      'anomaly map as the method gives it; its smoothing, if any, is part of the method and in its configuration',
    maskRule: keptRegions
      ? `${MASK_RULE}; a region that would vanish keeps every pixel that it touches`
      : MASK_RULE,
    ...(ignored === undefined ? {} : { ignoreRule: IGNORE_RULES[ignored] }),
    evaluationSizePx: imageSizePx,
    epochRule: 'last step; no selection on the test split',
    mean: 'unweighted over the categories where the metric is defined',
  });
}

function tiledRules(prepared: Pick<Preprocessing, 'imageSizePx' | 'tiles'>) {
  const size = describeMapSize(mapSize(prepared));
  return {
    resize: `to ${size} in all, aspect ratio not kept`,
    tiles: `${describeTiles(prepared)}; images, maps and masks of ${size}`,
  };
}

/** The protocol of the leaderboards: 256 px. */
export const PLUMBLINE_PROTOCOL: Protocol = protocolFor(256);

const LABELS: Readonly<Record<keyof Protocol, string>> = {
  name: 'Name',
  imageSizePx: 'Image size',
  resize: 'Resize',
  interpolation: 'Interpolation',
  crop: 'Crop',
  tiles: 'Tiles',
  smoothing: 'Smoothing',
  imageScoreRule: 'Image score',
  pixelScoreRule: 'Pixel scores',
  maskRule: 'Masks',
  ignoreRule: 'Ignore regions',
  evaluationSizePx: 'Evaluation size',
  metricRule: 'Metrics',
  epochRule: 'Which epoch',
  seedRule: 'Seeds',
  mean: 'Mean',
};

const FIELDS = Object.keys(LABELS) as (keyof Protocol)[];

/** Whether results under two protocols may be compared: every field is equal. */
export function isSameProtocol(a: Protocol, b: Protocol): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}

/** The fields in which two protocols differ, in words; the name only where nothing else does. */
export function protocolDifferences(here: Protocol, there: Protocol): ProtocolDifference[] {
  const differing = FIELDS.filter((field) => here[field] !== there[field]);
  const said = differing.length > 1 ? differing.filter((field) => field !== 'name') : differing;
  return said.map((field) => ({
    field,
    label: LABELS[field],
    here: inWords(field, here),
    there: inWords(field, there),
  }));
}

function inWords(field: keyof Protocol, protocol: Protocol): string {
  const value = protocol[field];
  return typeof value === 'number' ? `${value} × ${value} px` : value;
}

/** Names a protocol in a link: two with one name and different rules have different keys. */
export function protocolKey(protocol: Protocol): string {
  // Links of before there were tiles or ignore regions go on to work.
  const isNew = (field: keyof Protocol) => field === 'tiles' || field === 'ignoreRule';
  const fields = FIELDS.filter((field) => !isNew(field) || protocol[field] !== 'none');
  const content = fields.map((field) => `${field}=${protocol[field]}`).join('\n');
  return `${protocol.name}-${createHash('sha256').update(content).digest('hex').slice(0, 8)}`;
}
