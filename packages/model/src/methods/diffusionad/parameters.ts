/** @file DiffusionAD's parameters, in PyTorch's order and as it initializes them. */
import {
  type Denoiser,
  type DenoiserBlock,
  type DiffusionNetwork,
  denoiserBlocks,
} from '@plumbline/contracts';
import { convolutionSpecs, linearSpecs, normSpecs } from '../../nn/layer-specs.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';
import { unetBuffers, unetParameters } from '../draem/parameters.ts';

const COLORS = 3;
/** Layers that end a branch: at first it adds nothing. */
const ZEROS = { weight: { kind: 'zeros' }, bias: { kind: 'zeros' } } as const;

/** In the order of the flat vector. */
export function diffusionParameters({ denoiser, separating }: DiffusionNetwork): ParameterSpec[] {
  return [...denoiserParameters(denoiser), ...unetParameters(separating)];
}

export function diffusionBuffers({ separating }: DiffusionNetwork): ParameterSpec[] {
  return unetBuffers(separating);
}

export function denoiserParameters(network: Denoiser): ParameterSpec[] {
  const { width, embedding } = network;
  return [
    ...linearSpecs('denoiser.time.0', width, embedding),
    ...linearSpecs('denoiser.time.1', embedding, embedding),
    ...convolutionSpecs('denoiser.first', COLORS, width),
    ...denoiserBlocks(network).flatMap((block) => blockParameters(block, embedding)),
    ...normSpecs('denoiser.last.norm', width),
    ...convolutionSpecs('denoiser.last', width, COLORS, ZEROS),
  ];
}

function blockParameters(block: DenoiserBlock, embedding: number): ParameterSpec[] {
  const { inChannels, outChannels, attends } = block;
  const name = `denoiser.${block.name}`;
  return [
    ...normSpecs(`${name}.in.norm`, inChannels),
    ...convolutionSpecs(`${name}.in`, inChannels, outChannels),
    ...linearSpecs(`${name}.time`, embedding, outChannels),
    ...normSpecs(`${name}.out.norm`, outChannels),
    ...convolutionSpecs(`${name}.out`, outChannels, outChannels, ZEROS),
    ...(inChannels === outChannels ? [] : linearSpecs(`${name}.skip`, inChannels, outChannels)),
    ...(attends ? attentionParameters(`${name}.attention`, outChannels) : []),
  ];
}

function attentionParameters(name: string, channels: number): ParameterSpec[] {
  return [
    ...normSpecs(`${name}.norm`, channels),
    ...linearSpecs(`${name}.qkv`, channels, 3 * channels),
    ...linearSpecs(`${name}.out`, channels, channels, ZEROS),
  ];
}
