/** @file The parameters of one part of a network, by their names within it, and the layers that take them. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { layerNorm, linear } from './layers.ts';
import { type Parameters, parameter } from './parameters.ts';

/** `new Weights(parameters).at('encoder.0').linear('fc1', x)` takes `encoder.0.fc1.weight` and `encoder.0.fc1.bias`. */
export class Weights {
  readonly #parameters: Parameters;
  readonly #path: string;

  constructor(parameters: Parameters, path = '') {
    this.#parameters = parameters;
    this.#path = path;
  }

  /** The part of this name. */
  at(name: string): Weights {
    return new Weights(this.#parameters, this.#nameOf(name));
  }

  has(name: string): boolean {
    return this.#nameOf(name) in this.#parameters;
  }

  /** @throws Error naming the parameter when the network has none. */
  tensor(name: string): Tensor {
    return parameter(this.#parameters, this.#nameOf(name));
  }

  /** `linear` over the last axis. */
  linear(name: string, x: Tensor): Tensor {
    const { weight, bias } = this.#pair(name);
    return linear(x, weight, bias);
  }

  /** `layerNorm` over the last axis. */
  layerNorm(name: string, x: Tensor, epsilon?: number): Tensor {
    const { weight, bias } = this.#pair(name);
    return layerNorm(x, weight, bias, epsilon);
  }

  #pair(name: string): { weight: Tensor; bias: Tensor } {
    const layer = this.at(name);
    return { weight: layer.tensor('weight'), bias: layer.tensor('bias') };
  }

  #nameOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}
