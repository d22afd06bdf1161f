export { averageNeighbors } from './average-neighbors.ts';
export { buildDescriptorGraph, descriptorSize } from './category-descriptor.ts';
export { buildFeatureGraph, type FeatureGraphOptions } from './feature-graph.ts';
export { buildMapGraph } from './map-graph.ts';
export { buildNormalGraph, buildResizeGraph, type NormalGraphOptions } from './normal-graph.ts';
export { buildPixelsGraph } from './preprocessing.ts';
export { buildScoringGraph, type MapOptions, type ScoringGraphOptions } from './scoring-graph.ts';
