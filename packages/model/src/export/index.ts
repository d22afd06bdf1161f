export { buildDescriptorGraph, descriptorSize } from './category-descriptor.ts';
export { buildFeatureGraph, type FeatureGraphOptions } from './feature-graph.ts';
export { buildNormalGraph, buildResizeGraph, type NormalGraphOptions } from './normal-graph.ts';
export { buildScoringGraph, type ScoringGraphOptions } from './scoring-graph.ts';
