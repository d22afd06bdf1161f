/** @file Configuration of RLR (He et al., ECCV 2024, arXiv 2403.11561), as the contracts have it for everyone who plans a run. */
export {
  planRlrLevels as planLevels,
  type RlrBlockName as BlockName,
  type RlrLevelPlan as LevelPlan,
  type RlrNetworkConfig,
  type RlrPreset,
  resolveRlrPreset as resolvePreset,
  rlrFractionDone as fractionDone,
  rlrNetworkConfig as networkConfig,
  rlrWindowFor as windowFor,
} from '@plumbline/contracts';
