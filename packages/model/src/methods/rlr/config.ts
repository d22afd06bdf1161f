/** @file Configuration of RLR (He et al., ECCV 2024, arXiv 2403.11561), as the contracts have it for everyone who plans a run. */
import { rlr } from '@plumbline/contracts';

export {
  planRlrLevels as planLevels,
  type RlrBlockName as BlockName,
  type RlrLevelPlan as LevelPlan,
  type RlrNetworkConfig,
  type RlrPreset,
  rlrFractionDone as fractionDone,
  rlrLevelPreset as levelPreset,
  rlrNetworkConfig as networkConfig,
  rlrWindowFor as windowFor,
} from '@plumbline/contracts';

export const resolvePreset = rlr.resolve;
