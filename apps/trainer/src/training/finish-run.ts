/** @file What follows the fit: export, thresholds, evaluation and publication, each told what it needs. */
import {
  extensionCheck,
  type GraphSession,
  isAveragePooled,
  versionNumberOf,
} from '@plumbline/contracts';
import { viewsOf } from '@plumbline/model';
import { evaluateExport } from './evaluate/evaluate-export.ts';
import { testSamples } from './evaluate/evaluate-model.ts';
import { evaluationFile } from './evaluate/evaluation-file.ts';
import { fitProfile } from './evaluate/fit-profile.ts';
import { measureLatency } from './evaluate/measure-latency.ts';
import { type OpenedScorer, openScorer, servedScorer } from './evaluate/open-scorer.ts';
import { countParameters } from './export/count-parameters.ts';
import { exportDecoder } from './export/export-decoder.ts';
import { exportModel } from './export/export-model.ts';
import { readDescribed } from './extend/category-bank-of.ts';
import type { OpenedExtension } from './extend/open-extension.ts';
import type { Fitted } from './fit/fit-method.ts';
import { knownNearDuplicates } from './near-duplicates.ts';
import { keepTimings } from './progress/plan-report.ts';
import { CategoryTally, makeCategoryBank, needsCategoryBank } from './publish/category-bank.ts';
import { describeModel } from './publish/describe-model.ts';
import { publishBundle } from './publish/publish-bundle.ts';
import { DATABASE_WAIT_MS, type TrainingContext } from './training-context.ts';

export async function finishRun(
  context: TrainingContext,
  featureGraph: Uint8Array,
  { method: fitted, decoder, trainSeconds }: Fitted,
): Promise<void> {
  const { reporter, samples, split, signal, extension } = context;
  const stage = {
    ...{ backbone: context.backbone, blobs: context.blobs },
    ...{ serving: context.serving, split, fitted, featureGraph },
    preprocessing: context.needs.preprocessing,
    averagePool: isAveragePooled(context.needs),
    ignore: context.ignore,
  };
  const exported = await exportRun(context, stage, decoder);
  const { model, session, scorer, normal } = exported;
  reporter.part('thresholds');
  const fittedProfile = await fitProfile({
    ...{ ...stage, scorer, reporter, signal },
    seed: context.input.seed,
  });
  reporter.part('categories');
  const bank = await makeCategoryBank({
    ...{ ...stage, samples, signal, seed: context.input.seed },
    known: extension === null ? null : await readDescribed(extension, split.fit),
  });
  const tally = bank === null ? null : new CategoryTally(bank);
  const evaluated = await evaluateRun(context, { session, scorer, tally });
  await reporter.begin('publish', 'Writing the bundle.');
  const { environment, serving } = context;
  const contents = {
    unsigned: {
      ...describeModel({
        ...{ ...context, ...evaluated, fitted },
        extension: extension?.facts ?? null,
        codeVersion: environment.codeVersion,
        servedBy: serving.provider,
      }),
      ...{ thresholds: fittedProfile.profile, parity: exported.parity },
      ...{ evaluatedWith: scorer.facts, trainSeconds, cost: costOf(model) },
      ...(normal === null ? {} : { decoder: normal.facts }),
      ...(tally === null ? {} : { categoryBank: tally.facts }),
    },
    evaluation: evaluationFile(evaluated.result),
    model,
    normal: normal?.graph ?? null,
    categoryBank: bank?.bytes ?? null,
    bankState: fitted.state ?? null,
    trainingScores: fittedProfile.scores,
    suspectMaps: fittedProfile.suspectMaps,
  };
  const patience = { limitMs: DATABASE_WAIT_MS, signal };
  await reporter.flushBeforeEnd(patience);
  await publishBundle(context.database, {
    ...{ attempt: context.attempt, bundles: context.stores.bundles },
    ...{ contents, images: evaluated.result.images, patience },
  });
  if (tally?.summary) await reporter.log(tally.summary);
  if (extension === null) await keepTimings(context);
  await reporter.log(`Done in ${Math.round(reporter.elapsedSeconds)} s.`);
}

/** The graphs, checked against the trained networks, and what scores images by them. */
async function exportRun(
  context: TrainingContext,
  stage: Omit<Parameters<typeof exportModel>[0], 'categoryDescriptor'>,
  decoder: Fitted['decoder'],
) {
  const { reporter, samples, split, extension } = context;
  await reporter.begin('export', 'Exporting to ONNX and checking it against the trained network.');
  const checkedImages = extension === null ? {} : { checkedImages: CHECKED_AFTER_ADDING };
  const exported = await exportModel({
    ...{ ...stage, ...checkedImages },
    categoryDescriptor: needsCategoryBank(samples),
  });
  const { model, session } = exported;
  const scorer = scoresImages(context)
    ? await openScorer({
        ...{ ...stage, model, served: session, executor: context.executor },
        ...{ scoreBytes: scoreBytesOf(context), samples: [...split.heldOut, ...split.fit] },
        log: (text) => reporter.log(text),
      })
    : servedScorer(session, context.serving, context.ignore);
  const normal =
    decoder === null ? null : await exportDecoder({ ...stage, decoder, heldOut: split.heldOut });
  return { ...exported, scorer, normal };
}

interface EvaluatedBy {
  readonly session: GraphSession;
  readonly scorer: OpenedScorer;
  readonly tally: CategoryTally | null;
}

/** Results of the test images, and how long one image takes. */
async function evaluateRun(context: TrainingContext, { session, scorer, tally }: EvaluatedBy) {
  const { reporter, samples, signal, extension } = context;
  await reporter.begin('evaluate', 'Evaluating on the test split.');
  const nearDuplicates = await nearDuplicatesOf(context);
  const asked = evaluationOf(extension);
  const result = await evaluateExport({
    ...{ ...context, nearDuplicates, scorer, tally },
    ...asked,
  });
  reporter.part('latency');
  const latency = await measureLatency({
    ...{ session, ignore: context.ignore, blobs: context.blobs, signal },
    samples: asked.isEvaluated ? testSamples(samples) : [],
    onProgress: (done, total) =>
      reporter.progress(done / total, `Timed ${done} of ${total} single images.`),
  });
  return { result, latency };
}

/** Images of the parity check after adding some: the graph's making was checked when the parent was exported. */
const CHECKED_AFTER_ADDING = 2;

/** Whether the exported graph scores any image: thresholds of folds come from patch scores that the fit gave. */
function scoresImages({ split, extension }: TrainingContext): boolean {
  return split.folds === null || evaluationOf(extension).isEvaluated;
}

/** Adding takes seconds; to evaluate is asked for. */
function evaluationOf(extension: OpenedExtension | null) {
  if (extension === null) return { isEvaluated: true, furtherChecks: [] };
  const { facts } = extension;
  return { isEvaluated: facts.evaluated, furtherChecks: [extensionCheck(facts)] };
}

/** What scoring an image holds beside the backbone, as the method's definition estimates it. */
function scoreBytesOf({ method, settings, levels, split, input, views }: TrainingContext): number {
  const { tilesAre } = method.definition;
  const each = tilesAre === 'images' ? viewsOf(views) : 1;
  const counts = new Map<string, number>();
  for (const { category } of split.fit) counts.set(category, (counts.get(category) ?? 0) + each);
  const images = each * split.fit.length;
  const work = { levels, images, folded: images, categoryImages: [...counts.values()] };
  const { scoreBytes } = method.definition.cost(settings, { ...work, maxSteps: input.maxSteps });
  // Tiles that have a fit each are scored together.
  return tilesAre === 'places' ? views.tiles * scoreBytes : scoreBytes;
}

/** Of the run's dataset: images that were added to it are of others. */
function nearDuplicatesOf(context: TrainingContext) {
  const { addedBefore = [], added = [] } = context.extension?.facts ?? {};
  const others = new Set([...addedBefore, ...added]);
  const samples = context.samples.filter((sample) => !others.has(sample));
  return knownNearDuplicates(context.database, {
    ...context,
    name: context.run.dataset,
    version: versionNumberOf(context.run.datasetVersion) ?? 1,
    samples,
  });
}

function costOf(model: Uint8Array) {
  return {
    parameters: countParameters(model),
    // In kibibytes, on every platform (libuv).
    peakRssMb: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
  };
}
