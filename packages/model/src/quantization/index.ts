export { calibrateBackbone } from './calibrate-backbone.ts';
export { quantizeBackbone } from './quantize-backbone.ts';
