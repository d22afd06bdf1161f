export {
  type CheckpointStore,
  type DataHashes,
  type FitState,
  NO_CHECKPOINTS,
} from './fit-state.ts';
