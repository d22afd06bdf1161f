/** @file The parameters of a level's flow. C channels, K = C − ⌊C/2⌋ of them kept by a block. */
import { CFLOW_CONDITION, cflowWidths } from '@plumbline/contracts';
import { globalSpecs } from '../../nn/coupling.ts';
import type { Initializer, ParameterSpec } from '../../nn/parameters.ts';

export interface FlowSize {
  /** C. */
  readonly channels: number;
  readonly blocks: number;
}

export function blockName(block: number): string {
  return `blocks.${block}`;
}

/** In the order of the flat vector; linear layers begin as PyTorch's, U(±1/√fan-in). */
export function flowParameters({ channels, blocks }: FlowSize): ParameterSpec[] {
  const { kept, hidden } = cflowWidths(channels);
  const fromInputs = uniform(kept + CFLOW_CONDITION);
  const fromHidden = uniform(hidden);
  const outputs = 2 * (channels - kept);
  return Array.from({ length: blocks }, (_, block): ParameterSpec[] => {
    const name = blockName(block);
    return [
      // One layer that reads kept channels and condition: apart, the condition's part is a constant of an exported graph.
      { name: `${name}.hidden.weight`, shape: [hidden, kept], initializer: fromInputs },
      {
        name: `${name}.hidden.condition`,
        shape: [hidden, CFLOW_CONDITION],
        initializer: fromInputs,
      },
      { name: `${name}.hidden.bias`, shape: [hidden], initializer: fromInputs },
      { name: `${name}.out.weight`, shape: [outputs, hidden], initializer: fromHidden },
      { name: `${name}.out.bias`, shape: [outputs], initializer: fromHidden },
      ...globalSpecs(name, channels),
    ];
  }).flat();
}

function uniform(inputs: number): Initializer {
  return { kind: 'uniform', bound: 1 / Math.sqrt(inputs) };
}
