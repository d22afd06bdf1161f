/** @file The child process that tries one execution provider. Arguments: its name, the side of the matrices. */
import { answerProbe } from './probe-in-child.ts';
import { timeProvider } from './probe-model.ts';

const [, , provider = '', side = ''] = process.argv;
await answerProbe(() => timeProvider(provider, Number(side)));
