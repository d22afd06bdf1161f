/** @file A process that has answered inspections and is killed before they are in the database. Arguments: folder of the journal, model, how many. */
import { randomUUID } from 'node:crypto';
import { InspectionJournal } from '../serving/inspection-journal.ts';

const [folder = '', model = '', count = ''] = process.argv.slice(2);
const journal = new InspectionJournal(folder, console.error);
for (let index = 0; index < Number(count); index += 1)
  journal.add({
    ...{ at: new Date(), inspection: randomUUID(), model, modelVersion: 1, category: null },
    // No number of JSON is infinite, and a score can be.
    ...{ categorySource: 'given', imageScore: index === 0 ? Number.POSITIVE_INFINITY : index },
    ...{ threshold: 1, thresholdProfile: 1, predictedLabel: 'anomalous', uncertain: false },
    ...{ latencyMs: 1, look: { width: 4, height: 3, brightness: 10, sharpness: 2 } },
  });
journal.settle(2);
process.kill(process.pid, 'SIGKILL');
