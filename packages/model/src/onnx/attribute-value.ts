/** @file Values of an ONNX node's attributes, by kind. */
import type { TensorValue } from '@plumbline/contracts';
import type { GraphProto } from './schema.ts';

export type AttributeValue =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly is: readonly number[] }
  | { readonly fs: readonly number[] }
  | { readonly t: TensorValue }
  | { readonly g: GraphProto };
