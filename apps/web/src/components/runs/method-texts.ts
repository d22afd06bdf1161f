/** @file The methods by the names that people know, each with one line about it. */
import type { StartTrainingInput } from '@plumbline/contracts';

type MethodName = StartTrainingInput['method'];

export const METHOD_TEXTS: Readonly<Record<MethodName, { title: string; about: string }>> = {
  patchcore: {
    title: 'PatchCore',
    about:
      'Compares patches with a memory of normal ones. The quickest way to a good model; answers more slowly.',
  },
  rlr: {
    title: 'RLR',
    about:
      'Rebuilds features from a learned reference. Small and fast models; learning takes minutes to hours.',
  },
  padim: {
    title: 'PaDiM',
    about: 'One Gaussian a position; suits few, well-aligned categories.',
  },
};

/** The default first. */
export const METHOD_NAMES = Object.keys(METHOD_TEXTS) as MethodName[];
