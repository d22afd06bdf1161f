/** @file The child process of one attempt at a training run. */
import { workAsChild } from '../child-main.ts';
import { trainModel } from './train-model.ts';

await workAsChild('Run', trainModel);
