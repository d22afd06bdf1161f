/** @file Public names of `@plumbline/eval`. */

export { categoryReach } from './categories/category-reach.ts';
export { LEAST_FOR_REACH, leaveOneOut } from './categories/leave-one-out.ts';
export { sureShare } from './categories/sure-share.ts';
export type { CheckedSample } from './checks/checked-sample.ts';
export { checkImageCounts } from './checks/image-counts.ts';
export {
  checkNearSameImages,
  findNearDuplicates,
  gatherNearDuplicates,
} from './checks/near-same-image.ts';
export { checkSameImages, checkTestInTraining } from './checks/same-image.ts';
export {
  type CurveKind,
  type CurvePoints,
  curvePoints,
  MAX_CURVE_POINTS,
  type ScoreHistogram,
  scoreHistogram,
} from './curves/curve-points.ts';
export { type MapSize, pixelCurve } from './curves/pixel-curve.ts';
export { type RankedCurve, rankedCurve, type Scores } from './curves/ranked-curve.ts';
export {
  categoryState,
  featureDrift,
  LEAST_INSPECTIONS,
} from './drift/feature-drift.ts';
export { evaluateStream } from './evaluation/evaluate-stream.ts';
export type {
  EvaluatedImage,
  Evaluation,
  EvaluationCurves,
  EvaluatorOptions,
  ScoredImage,
} from './evaluation/evaluation.ts';
export { evaluationReport } from './evaluation/evaluation-report.ts';
export { Evaluator } from './evaluation/evaluator.ts';
export { rankRows, seedSpread, type UnrankedRow } from './leaderboard/leaderboard.ts';
export { anomalousRegions } from './metrics/anomalous-regions.ts';
export { AUPIMO_BOUNDS, aupimo } from './metrics/aupimo.ts';
export { connectedRegions, type Regions } from './metrics/connected-regions.ts';
export {
  curveAupro,
  curveAuroc,
  curveAveragePrecision,
  curveF1Max,
  curveIouMax,
} from './metrics/curve-metrics.ts';
export { imageCurve, pooledMetrics } from './metrics/pooled-metrics.ts';
export { areaUnderRoc, aupro, averagePrecision, f1Max } from './metrics/score-metrics.ts';
export {
  ADER_PROTOCOL,
  DINOMALY_PROTOCOL,
  NAMED_PROTOCOLS,
  RLR_PROTOCOL,
} from './protocol/named-protocols.ts';
export {
  isSameProtocol,
  PLUMBLINE_PROTOCOL,
  protocolDifferences,
  protocolFor,
  protocolKey,
} from './protocol/protocol.ts';
export {
  findPublishedBoard,
  getPublishedBoard,
  publishedBoards,
} from './published/published-results.ts';
export { withSimulatedRates } from './thresholds/simulated-rate.ts';
export {
  DEFAULT_FALSE_ALARM_TARGET,
  fitThreshold,
} from './thresholds/threshold.ts';
export {
  type EffectCounts,
  type ProfileCuts,
  type ProfileEffect,
  thresholdEffect,
} from './thresholds/threshold-effect.ts';
export {
  type Cuts,
  type FittedCuts,
  fitCuts,
  refitProfile,
  type ThresholdOptions,
  toProfile,
} from './thresholds/threshold-profile.ts';
export {
  DEFAULT_THRESHOLD_RULE,
  type HeldOutScores,
  parseThresholdRule,
  THRESHOLD_RULES,
  type ThresholdRuleName,
  thresholdRuleWords,
} from './thresholds/threshold-rules.ts';
export type { PairedDifference } from './uncertainty/auroc-difference.ts';
export type { ImageScoreRow } from './uncertainty/image-strata.ts';
export { observedShare } from './uncertainty/observed-share.ts';
export {
  type PairedTestResult,
  pairedImageAurocTest,
} from './uncertainty/paired-test.ts';
export { holm } from './uncertainty/summarize.ts';
export {
  type TieGroupOptions,
  type TieGroupRank,
  type TieGroupRow,
  tieGroups,
} from './uncertainty/tie-groups.ts';
