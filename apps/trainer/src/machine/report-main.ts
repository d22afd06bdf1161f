/** @file The process behind `plumb doctor`: tells its parent what this machine has to train with. */
import { executorSetting } from '../env.ts';
import { answerParent } from './answer-parent.ts';
import { readMachineReport } from './machine-report.ts';

await answerParent(async () => readMachineReport(executorSetting()));
