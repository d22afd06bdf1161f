export { buildFeatureGraph, type FeatureGraphOptions } from './feature-graph.ts';
export { buildScoringGraph, type ScoringGraphOptions } from './scoring-graph.ts';
