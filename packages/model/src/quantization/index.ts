export { calibrateBackbone } from './calibrate-backbone.ts';
export { halveBackbone } from './halve-backbone.ts';
export { quantizeBackbone } from './quantize-backbone.ts';
