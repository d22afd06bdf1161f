export * from './dataset-facts.ts';
export * from './estimate-run.ts';
export * from './feature-level.ts';
export * from './feature-taps.ts';
export * from './plan-training.ts';
export * from './run-part.ts';
export * from './run-parts.ts';
export * from './time-left.ts';
