/** @file The jobs of training runs in the queue. */
import { jobPayload } from '../jobs/job-payload.ts';

export const trainPayload = jobPayload('train', 'runId');
