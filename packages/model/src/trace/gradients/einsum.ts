/**
 * @file The gradient of an Einstein sum: dA of `a,b->y` is `y,b->a`; an axis that only A has was summed alone, and its
 * gradient is the same everywhere along it.
 */
import {
  broadcastTo,
  Einsum,
  type EinsumAttrs,
  einsum,
  type GradConfig,
  reshape,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

export const einsumGradient: GradConfig = {
  kernelName: Einsum,
  saveAllInputs: true,
  gradFunc: (dy, operands, attributes) => {
    const { equation } = attributes as unknown as EinsumAttrs;
    const [left = '', result = ''] = equation.replace(/\s/g, '').split('->');
    const terms = left.split(',');
    return Object.fromEntries(
      operands.map((operand, index) => [
        index,
        () => {
          const others = terms.filter((_, at) => at !== index);
          const given = [dy as Tensor, ...operands.filter((_, at) => at !== index)];
          return operandGradient(operand, terms[index] as string, [result, ...others], given);
        },
      ]),
    );
  },
};

/** @param terms The axes of `given`: the result's gradient and the other operands. */
function operandGradient(
  operand: Tensor,
  term: string,
  terms: readonly string[],
  given: readonly Tensor[],
): Tensor {
  const letters = [...term];
  const isKnown = (letter: string) => terms.some((other) => other.includes(letter));
  const known = letters.filter(isKnown).join('');
  const sums = product(terms, given, known);
  if (letters.every(isKnown)) return sums;
  const open = operand.shape.map((size, axis) => (isKnown(letters[axis] as string) ? size : 1));
  return broadcastTo(reshape(sums, open), operand.shape as never);
}

/**
 * The sum `terms->result`. Axes of one operand alone are summed first: TensorFlow.js' CPU kernel forgets operands that
 * have none of the axes to be summed.
 */
function product(terms: readonly string[], given: readonly Tensor[], result: string): Tensor {
  const isNeeded = (letter: string, index: number) =>
    result.includes(letter) || terms.some((other, at) => at !== index && other.includes(letter));
  const kept = terms.map((term, index) =>
    [...term].filter((letter) => isNeeded(letter, index)).join(''),
  );
  const summed = given.map((x, index) => {
    const alone = [...(terms[index] as string)].flatMap((letter, axis) =>
      isNeeded(letter, index) ? [] : [axis],
    );
    return alone.length === 0 ? x : sum(x, alone);
  });
  return einsum(`${kept.join()}->${result}`, ...summed);
}
