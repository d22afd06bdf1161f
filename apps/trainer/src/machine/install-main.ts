/** @file The process behind `plumb doctor --install tfjs-gpu`. */
import { answerParent } from './answer-parent.ts';
import { installTfjsGpu } from './install-tfjs-gpu.ts';

await answerParent((progress, signal) => installTfjsGpu({ progress, signal }));
