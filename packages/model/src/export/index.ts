export { buildFeatureGraph, type FeatureGraphOptions } from './feature-graph.ts';
export { buildScoringGraph, type Grid, type ScoringGraphOptions } from './scoring-graph.ts';
