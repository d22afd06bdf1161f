/** @file What each preset is for. */
import type { PresetName } from '@plumbline/contracts';

export const PRESET_TEXTS: { preset: PresetName; title: string; about: string }[] = [
  {
    preset: 'tiny',
    title: 'Tiny',
    about: 'For trying out the platform. The results mean little.',
  },
  {
    preset: 'quick',
    title: 'Quick',
    about: 'The best result within minutes on a CPU.',
  },
  {
    preset: 'edge',
    title: 'Edge',
    about: 'The smallest model and the fastest answer.',
  },
  {
    preset: 'paper',
    title: 'Paper',
    about: 'The published configuration of the method. Can take hours on a CPU.',
  },
];
