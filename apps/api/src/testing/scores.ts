/** @file Scores of models that are always right, and always wrong. */
import type { ImageResult } from '@plumbline/contracts';

type Scored = Pick<ImageResult, 'path' | 'label'>;

export const right = ({ label }: Scored) => (label === 'anomalous' ? 0.9 : 0.1);
export const wrong = ({ label }: Scored) => (label === 'anomalous' ? 0.1 : 0.9);
