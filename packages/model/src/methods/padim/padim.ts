/**
 * @file PaDiM behind the `Method` interface, in the unified setting: one Gaussian per position for all categories, or one for
 * each category, which an image is routed to.
 */
import {
  padim as definition,
  type FactorBytes,
  type PadimPreset,
  padimModelBytes,
} from '@plumbline/contracts';
import { traceProgram } from '../../trace/index.ts';
import type { FitOptions, FittedMethod, TokensMethod } from '../method.ts';
import { findComponents } from './components.ts';
import type { Probes } from './factor-error.ts';
import { type PadimEmbedding, planEmbedding } from './forward.ts';
import { groupGaussians, sharedGaussians } from './gaussians.ts';
import type { FittedSums } from './leave-one-out.ts';
import { assertFits } from './memory.ts';
import { type Within, withinGroups } from './parameters.ts';
import { chooseRouter, type Groups, groupsOf, type Router } from './route.ts';
import { routedProgram, scoresProgram } from './score.ts';
import { scoreAlone } from './score-alone.ts';
import { SUMS_PART, type Survey, surveyCoverage, surveyImages } from './survey.ts';
import { type Report, Work } from './work.ts';

export const padim: TokensMethod = {
  reads: 'tokens',
  definition,
  assertMemory: assertFits,
  fit: fitPadim,
};

const NOTHING: Within = { scatter: new Float64Array(0), degrees: 0 };

async function fitPadim(options: FitOptions): Promise<FittedMethod> {
  const { features, levels, folds } = options;
  const preset = definition.resolve(options.preset, options.settings);
  assertFits({ ...options, images: features.count });
  const groups = groupsOf(features.categories, preset.gaussians === 'category');
  const plan = await embeddingOf(options, preset, groups);
  const work = new Work(options, groups.names.length);
  const survey = await surveyImages(options, { plan, groups }, work.in(SUMS_PART));
  const router = groups.names.length > 1 ? await chooseRouter(groups, survey.descriptors) : null;
  const sums = fittedSums(survey, plan, preset);
  const alone =
    folds === undefined
      ? null
      : await scoreAlone(options, { folds, plan, groups, survey, sums, router }, work);
  const { probes } = survey;
  const { graph, factorBytes } = await graphOf(
    options,
    { plan, sums, router, probes },
    work.in('Gaussians'),
  );
  return {
    inputs: 'tokens',
    graph,
    map: { grids: [plan.grid], alignCorners: false, smoothed: true },
    ...(alone === null ? {} : { foldScores: [alone] }),
    coverage: surveyCoverage(features.count),
    config: {
      preset: { ...preset },
      grid: plan.grid,
      levels: plan.levels.map((level, index) => ({
        tap: levels[index]?.tap,
        grid: level.grid,
        channels: level.channels,
        ...(plan.projection === null ? { kept: [...level.kept] } : {}),
      })),
      smoothedMap: 'sigma 4 px',
    },
    notes: [noteOf(options, { plan, preset, groups: groups.names.length, factorBytes })],
  };
}

async function embeddingOf(
  options: FitOptions,
  { embedding, ...preset }: PadimPreset,
  groups: Groups,
): Promise<PadimEmbedding> {
  const { levels, seed } = options;
  const plan = planEmbedding(levels, { ...preset, seed });
  if (embedding === 'channels') return plan;
  const all = planEmbedding(levels, { ...preset, seed, channels: Number.POSITIVE_INFINITY });
  // As many components as channels would only turn the space, which changes no distance.
  if (all.size === plan.size) return all;
  const projection = await findComponents(options, { plan: all, groups }, plan.size);
  return { ...all, size: plan.size, projection };
}

function fittedSums({ sums }: Survey, plan: PadimEmbedding, preset: PadimPreset): FittedSums {
  const { regularization } = preset;
  const positions = plan.grid ** 2;
  // A group alone is all there is to lean on.
  const shrinkage = sums.length > 1 ? preset.shrinkage : 0;
  const within = Array.from({ length: positions }, (_, position) =>
    shrinkage === 0 ? NOTHING : withinGroups(sums.map((own) => own.momentsOf(position))),
  );
  return { groups: sums, within, positions, size: plan.size, shrinkage, regularization };
}

interface Fitted {
  readonly plan: PadimEmbedding;
  readonly sums: FittedSums;
  readonly router: Router | null;
  readonly probes: Probes;
}

async function graphOf(
  options: FitOptions,
  { plan, sums, router, probes }: Fitted,
  report: Report,
): Promise<{ readonly graph: Uint8Array; readonly factorBytes: FactorBytes }> {
  if (router === null)
    return {
      graph: traceProgram(scoresProgram(plan, await sharedGaussians(sums, report))),
      factorBytes: 4,
    };
  const assertExactFits = () => assertFits({ ...options, images: options.features.count }, 4);
  const fitted = await groupGaussians({ sums, probes, report, assertExactFits });
  return {
    graph: traceProgram(routedProgram(plan, options.levels, { ...fitted, router })),
    factorBytes: fitted.whitening.every((table) => 'halves' in table) ? 2 : 4,
  };
}

interface NotedFit {
  readonly plan: PadimEmbedding;
  readonly preset: PadimPreset;
  readonly groups: number;
  readonly factorBytes: FactorBytes;
}

function noteOf(
  { features, levels }: FitOptions,
  { plan, preset, groups, factorBytes }: NotedFit,
): string {
  const each = groups === 1 ? '' : ` for each of ${groups} categories`;
  const megabytes = Math.round(padimModelBytes(preset, levels, groups, factorBytes) / 1e6);
  const exact =
    groups > 1 && factorBytes === 4
      ? ' Their factors are float32: as float16 they would score training images differently.'
      : '';
  return (
    `Fitted ${plan.grid ** 2} Gaussians of ${plan.size} channels${each} to ${features.count} images; ` +
    `they take ${megabytes} MB in the model file.${exact}`
  );
}
