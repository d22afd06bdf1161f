export { type CheckpointStore, type FitState, NO_CHECKPOINTS } from './fit-state.ts';
