/** @file SimpleNet as a definition: presets and cost. What each preset costs and reaches: README.md of the method. */
import { embeddingOf } from '../../training/feature-level.ts';
import { type BudgetedTraining, batchedSteps } from '../../training/step-budget.ts';
import { trainedPart } from '../../training/trained-part.ts';
import { preparedImages, wholeImage } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import type { PresetName } from '../preset.ts';
import { type SimpleNetPreset, simpleNetSettings } from './settings.ts';

/** As released, but for images of 256 px and the end: held-out images decide on it, never the test split. */
const PAPER: SimpleNetPreset = {
  ...wholeImage(256),
  rotations: 1,
  strides: [8, 16],
  neighborhood: 'unfold',
  levelChannels: 1536,
  channels: 1536,
  hidden: 1024,
  layers: 1,
  centers: 0,
  noise: 0.015,
  guidance: 0,
  loss: 'hinge',
  stepsPerCategory: 0,
  passes: 160,
  epochs: 160,
  mostSteps: 1_000_000,
  batchSize: 8,
  adaptorRate: 1e-4,
  discriminatorRate: 2e-4,
  earlyStopping: true,
};

/**
 * Minutes in place of hours: the channels of the feature maps, ten times the learning rates, and so much more noise that
 * it is told apart within hundreds of steps. With 0.1 it is not, README.md of the method.
 */
const QUICK: SimpleNetPreset = {
  ...PAPER,
  neighborhood: 'average',
  levelChannels: null,
  channels: null,
  hidden: 512,
  noise: 0.3,
  stepsPerCategory: 100,
  passes: 1,
  epochs: 40,
  adaptorRate: 1e-3,
  discriminatorRate: 2e-3,
};

const presets: Readonly<Record<PresetName, SimpleNetPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** The coarse grid alone: a quarter of the patches. */
  edge: { ...QUICK, strides: [16], hidden: 256 },
  tiny: { ...QUICK, imageSizePx: 128, hidden: 256, stepsPerCategory: 70 },
};

/** Seconds for 10⁹ multiplications of a training step, and of a scored patch. */
const STEP_SECONDS = 0.02;
const SCORE_SECONDS = 0.02;

export const simplenet = defineMethod({
  name: 'simplenet',
  title: 'SimpleNet',
  about:
    'A small network that tells normal patches from noisy ones. Fast to answer; minutes to learn.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings: simpleNetSettings,
  memory: { of: 'executor', growsWith: ['batchSize', 'channels', 'imageSizePx'] },
  presets,
  needs: ({ strides, neighborhood, earlyStopping, ...images }) => ({
    ...preparedImages(images),
    labels: 'none',
    heldOut: earlyStopping,
    input: {
      ...{ kind: 'tokens', strides, access: 'random' },
      averagePool: neighborhood === 'average',
    },
  }),
  cost(preset, work) {
    const { levels, images, categoryImages, maxSteps } = work;
    const { grid, size } = embeddingOf(levels, preset.channels);
    const { hidden, neighborhood, centers } = preset;
    const { batchSize, steps } = simpleNetSteps(preset, {
      ...{ images, categories: categoryImages.length, maxSteps },
    });
    const forward = simpleNetWork(preset, { grid, channels: size });
    // Forward and both gradients; patches go through the discriminator as they are and with noise.
    const step = batchSize * (2 * forward.adaptor + 6 * forward.discriminator + forward.search);
    const tokens = grid ** 2;
    const variant = centers === 0 && preset.layers === 1 ? '' : `/${preset.layers}-${centers}`;
    const searched = centers === 0 ? 0 : tokens ** 2 + 2 * tokens * size;
    return {
      scoreSeconds:
        ((forward.adaptor + forward.discriminator + forward.search) * SCORE_SECONDS) / 1e9,
      scoreBytes:
        4 * (tokens * (3 * size * (neighborhood === 'unfold' ? 9 : 1) + 2 * hidden) + searched),
      size: `${size}-${hidden}${variant}`,
      ...trainedPart(
        {
          part: SIMPLENET_PART,
          key: `simplenet/${grid}/${size}/${hidden}/${batchSize}/${neighborhood}${variant}`,
          batchSize,
          steps,
          expectedSeconds: (steps * step * STEP_SECONDS) / 1e9,
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const SIMPLENET_PART = 'discriminator';

export function simpleNetSteps(
  preset: SimpleNetPreset,
  training: Omit<BudgetedTraining, 'batchSize'>,
): { batchSize: number; steps: number } {
  const { batchSize, steps } = batchedSteps(preset, training);
  const longest = preset.epochs * Math.ceil(training.images / batchSize);
  return { batchSize, steps: Math.min(steps, longest) };
}

/**
 * Channels that the discriminator reads, then units of its hidden layers: CRAS narrows each to two thirds of the one before.
 * @param channels Of a patch.
 */
export function simpleNetWidths(
  { hidden, layers, centers }: Pick<SimpleNetPreset, 'hidden' | 'layers' | 'centers'>,
  channels: number,
): number[] {
  const widths = [centers === 0 ? channels : 2 * channels, hidden];
  return layers === 1 ? widths : [...widths, Math.max(1, Math.floor(hidden / 1.5))];
}

/** Multiplications for an image. */
function simpleNetWork(
  preset: SimpleNetPreset,
  { grid, channels }: { readonly grid: number; readonly channels: number },
) {
  const patches = grid ** 2;
  const widths = simpleNetWidths(preset, channels);
  const layers = widths.slice(1).map((width, layer) => width * (widths[layer] as number));
  return {
    adaptor: patches * channels ** 2,
    discriminator: patches * layers.reduce((sum, each) => sum + each, 0),
    /** Each patch with all of its center. */
    search: preset.centers === 0 ? 0 : patches ** 2 * channels,
  };
}
