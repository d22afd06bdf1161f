/** @file Public names of `@plumbline/eval`. */
export { AUPIMO_BOUNDS, aupimo } from './aupimo.ts';
export { type FoundCategory, findCategory, type VoteOptions } from './categories/find-category.ts';
export { sureShare } from './categories/sure-share.ts';
export { EXACT_PIXEL_BUDGET } from './category-pixels.ts';
export type { CheckedSample } from './checks/checked-sample.ts';
export { checkImageCounts } from './checks/image-counts.ts';
export {
  checkNearSameImages,
  findNearDuplicates,
  gatherNearDuplicates,
} from './checks/near-same-image.ts';
export { checkSameImages, checkTestInTraining } from './checks/same-image.ts';
export { connectedRegions, type Regions } from './connected-regions.ts';
export {
  curveAupro,
  curveAuroc,
  curveAveragePrecision,
  curveF1Max,
  curveIouMax,
} from './curve-metrics.ts';
export {
  type CurveKind,
  type CurvePoints,
  curvePoints,
  MAX_CURVE_POINTS,
  type ScoreHistogram,
  scoreHistogram,
} from './curve-points.ts';
export { evaluateStream } from './evaluate-stream.ts';
export type {
  EvaluatedImage,
  Evaluation,
  EvaluationCurves,
  EvaluatorOptions,
  ScoredImage,
} from './evaluation.ts';
export { evaluationReport } from './evaluation-report.ts';
export { Evaluator } from './evaluator.ts';
export { rankRows, seedSpread, type UnrankedRow } from './leaderboard.ts';
export {
  ADER_PROTOCOL,
  DINOMALY_PROTOCOL,
  NAMED_PROTOCOLS,
  RLR_PROTOCOL,
} from './named-protocols.ts';
export { type MapSize, pixelCurve } from './pixel-curve.ts';
export { AUPRO_LIMIT, STRICT_AUPRO_LIMIT } from './pixel-metrics.ts';
export { imageCurve, pooledMetrics } from './pooled-metrics.ts';
export {
  isSameProtocol,
  PLUMBLINE_PROTOCOL,
  protocolDifferences,
  protocolFor,
  protocolKey,
} from './protocol.ts';
export {
  findPublishedBoard,
  getPublishedBoard,
  publishedBoards,
} from './published/published-results.ts';
export { type RankedCurve, rankedCurve, type Scores } from './ranked-curve.ts';
export { areaUnderRoc, aupro, averagePrecision, f1Max } from './score-metrics.ts';
export { DEFAULT_FALSE_ALARM_TARGET, falseAlarmRate, fitThreshold } from './threshold.ts';
export {
  type EffectCounts,
  type ProfileCuts,
  type ProfileEffect,
  thresholdEffect,
} from './threshold-effect.ts';
export {
  type Cuts,
  type FittedCuts,
  fitCuts,
  refitProfile,
  type ThresholdOptions,
  toProfile,
} from './threshold-profile.ts';
export {
  DEFAULT_THRESHOLD_RULE,
  type HeldOutScores,
  parseThresholdRule,
  THRESHOLD_RULES,
  type ThresholdRuleName,
  thresholdRuleWords,
} from './threshold-rules.ts';
export type { ImageScoreRow } from './uncertainty/image-strata.ts';
export {
  type PairedDifference,
  type PairedTestOptions,
  type PairedTestResult,
  pairedImageAurocTest,
} from './uncertainty/paired-test.ts';
export { holm, percentileInterval, twoSidedP } from './uncertainty/summarize.ts';
export {
  type TieGroupOptions,
  type TieGroupRank,
  type TieGroupRow,
  tieGroups,
} from './uncertainty/tie-groups.ts';
