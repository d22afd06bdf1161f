/**
 * @file Rewrites nodes of ONNX operator sets 7 to 24 for operator set 20. Source of the differences:
 * https://github.com/onnx/onnx/blob/main/docs/Changelog.md. Before 7, broadcasting meant something else: refused.
 */
import { DomainError, type TensorValue } from '@plumbline/contracts';
import { ATTRIBUTE_TYPE, type AttributeProto, type NodeProto } from './schema.ts';
import { float32, int64 } from './tensor.ts';

const OLDEST_OPSET = 7;
const NEWEST_OPSET = 24;

export interface UpgradeContext {
  /** Name of a constant with this value. */
  constant(value: TensorValue): string;
  /** A value name that nothing has yet. */
  fresh(): string;
}

/** @throws DomainError when nodes of this operator set can't be rewritten. */
export function checkUpgradable(opset: number): void {
  if (opset >= OLDEST_OPSET && opset <= NEWEST_OPSET) return;
  throw new DomainError(
    'UNSUPPORTED',
    `The model uses ONNX operator set ${opset}; ${OLDEST_OPSET} to ${NEWEST_OPSET} can be read.`,
    { fix: 'Export it again with opset_version=17.' },
  );
}

type Rewrite = (node: NodeProto, context: UpgradeContext) => NodeProto[];
/** Applies to models older than operator set `before`. */
interface Rule {
  readonly before: number;
  readonly rewrite: Rewrite;
}

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  Squeeze: [{ before: 13, rewrite: moveIntegers(['axes']) }],
  Unsqueeze: [{ before: 13, rewrite: moveIntegers(['axes']) }],
  ReduceSum: [{ before: 13, rewrite: moveIntegers(['axes']) }],
  ...Object.fromEntries(
    ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'SumSquare'].map((kind) => [
      `Reduce${kind}`,
      [{ before: 18, rewrite: moveIntegers(['axes']) }],
    ]),
  ),
  Slice: [{ before: 10, rewrite: moveIntegers(['starts', 'ends', 'axes']) }],
  TopK: [{ before: 10, rewrite: upgradeTopK }],
  Clip: [{ before: 11, rewrite: upgradeClip }],
  Pad: [{ before: 11, rewrite: upgradePad }],
  Split: [{ before: 18, rewrite: upgradeSplit }],
  Dropout: [{ before: 12, rewrite: upgradeDropout }],
  BatchNormalization: [{ before: 14, rewrite: upgradeBatchNormalization }],
  Upsample: [{ before: 10, rewrite: upgradeUpsample }],
  Resize: [
    { before: 11, rewrite: upgradeResize10 },
    { before: 13, rewrite: upgradeResize11 },
  ],
  Scatter: [{ before: 11, rewrite: (node) => [{ ...node, op_type: 'ScatterElements' }] }],
  Softmax: [{ before: 13, rewrite: upgradeSoftmax }],
  LogSoftmax: [{ before: 13, rewrite: upgradeSoftmax }],
  Hardmax: [{ before: 13, rewrite: upgradeSoftmax }],
  GridSample: [{ before: 20, rewrite: upgradeGridSample }],
  RoiAlign: [{ before: 16, rewrite: upgradeRoiAlign }],
  DFT: [{ before: 20, rewrite: refuse }],
};

/** Operators that operator set 20 doesn't have, or not with the same meaning. */
const NEWER: ReadonlySet<string> = new Set([
  'Attention',
  'GroupNormalization',
  'RMSNormalization',
  'RotaryEmbedding',
  'Swish',
  'TensorScatter',
]);

/**
 * The nodes that do in operator set 20 what `node` does in operator set `from`.
 * @throws DomainError when there are none.
 */
export function upgradeNode(node: NodeProto, from: number, context: UpgradeContext): NodeProto[] {
  if (node.domain && node.domain !== 'ai.onnx') {
    throw new DomainError(
      'UNSUPPORTED',
      `Node "${node.name}" uses operator ${node.domain}.${node.op_type}, which is not one of ONNX's own.`,
      { fix: 'Export the model without custom operators and without a later optimization pass.' },
    );
  }
  if (from > 20 && NEWER.has(node.op_type)) return refuse(node);
  const rule = RULES[node.op_type]?.find(({ before }) => from < before);
  return rule === undefined ? [node] : rule.rewrite(node, context);
}

/** Turns integer attributes into inputs of the same order after the first one. */
function moveIntegers(names: readonly string[]): Rewrite {
  return (node, context) => {
    const input = [node.input[0] ?? ''];
    for (const name of names) {
      const values = integers(node, name);
      input.push(values === null ? '' : context.constant(int64(values)));
    }
    while (input.at(-1) === '') input.pop();
    return [{ ...without(node, names), input }];
  };
}

function upgradeTopK(node: NodeProto, context: UpgradeContext): NodeProto[] {
  const k = context.constant(int64([integer(node, 'k', 1)]));
  return [{ ...without(node, ['k']), input: [node.input[0] ?? '', k] }];
}

function upgradeClip(node: NodeProto, context: UpgradeContext): NodeProto[] {
  const bound = (name: string) => {
    const attribute = find(node, name);
    return attribute === undefined ? '' : context.constant(float32([], [attribute.f ?? 0]));
  };
  return [
    {
      ...without(node, ['min', 'max']),
      input: [node.input[0] ?? '', bound('min'), bound('max')],
    },
  ];
}

function upgradePad(node: NodeProto, context: UpgradeContext): NodeProto[] {
  const pads = context.constant(int64(integers(node, 'pads') ?? []));
  const value = context.constant(float32([], [find(node, 'value')?.f ?? 0]));
  return [{ ...without(node, ['pads', 'value']), input: [node.input[0] ?? '', pads, value] }];
}

function upgradeSplit(node: NodeProto, context: UpgradeContext): NodeProto[] {
  const sizes = integers(node, 'split');
  if (sizes !== null) {
    const input = [node.input[0] ?? '', context.constant(int64(sizes))];
    return [{ ...without(node, ['split']), input }];
  }
  if (node.input.length > 1 && node.input[1] !== '') return [node];
  return [withInteger(node, 'num_outputs', node.output.length)];
}

/** Before 12 dropout had no training input: at inference it passes its input on. */
function upgradeDropout(node: NodeProto): NodeProto[] {
  if (node.output.length > 1 && node.output[1] !== '') return refuse(node);
  return [{ ...node, op_type: 'Identity', output: node.output.slice(0, 1), attribute: [] }];
}

/** Before 14 further outputs meant training; an exported model has none of use at inference. */
function upgradeBatchNormalization(node: NodeProto): NodeProto[] {
  if (integer(node, 'spatial', 1) !== 1) return refuse(node);
  return [{ ...without(node, ['spatial']), output: node.output.slice(0, 1) }];
}

function upgradeUpsample(node: NodeProto, context: UpgradeContext): NodeProto[] {
  const scales = find(node, 'scales')?.floats;
  const input = scales
    ? [node.input[0] ?? '', context.constant(float32([scales.length], scales))]
    : node.input;
  return upgradeResize10({ ...without(node, ['scales']), op_type: 'Resize', input });
}

/** `Resize` of operator set 10 knew one way of placing pixels, which has the name `asymmetric` since. */
function upgradeResize10(node: NodeProto): NodeProto[] {
  const [data = '', scales = ''] = node.input;
  const resize = { ...node, input: [data, '', scales] };
  const placed = withText(resize, 'coordinate_transformation_mode', 'asymmetric');
  return [withText(placed, 'nearest_mode', 'floor')];
}

function upgradeResize11(node: NodeProto): NodeProto[] {
  const mode = find(node, 'coordinate_transformation_mode')?.s;
  const text = mode === undefined ? '' : Buffer.from(mode).toString();
  if (text === 'tf_half_pixel_for_nn') return refuse(node);
  // With sizes given, scales had to be there and empty; now they must not be there.
  const [data = '', roi = '', scales = '', sizes = ''] = node.input;
  const input = sizes === '' ? [data, roi, scales] : [data, roi, '', sizes];
  return [
    { ...node, input: text === 'tf_crop_and_resize' ? input : [data, '', ...input.slice(2)] },
  ];
}

/** Before 13 the input was made a matrix at `axis` (default 1) and each row normalized. */
function upgradeSoftmax(node: NodeProto, context: UpgradeContext): NodeProto[] {
  const [data = ''] = node.input;
  const [matrix, rows, shape] = [context.fresh(), context.fresh(), context.fresh()];
  const axis = integer(node, 'axis', 1);
  const part = (
    op: string,
    input: string[],
    output: string[],
    attribute: AttributeProto[] = [],
  ) => ({
    op_type: op,
    name: `${node.name}/${op}`,
    input,
    output,
    attribute,
  });
  return [
    withInteger(part('Flatten', [data], [matrix]), 'axis', axis),
    withInteger(part(node.op_type, [matrix], [rows]), 'axis', -1),
    part('Shape', [data], [shape]),
    part('Reshape', [rows, shape], node.output),
  ];
}

function upgradeGridSample(node: NodeProto): NodeProto[] {
  const mode = find(node, 'mode')?.s;
  const text = mode === undefined ? 'bilinear' : Buffer.from(mode).toString();
  const renamed: Record<string, string> = { bilinear: 'linear', bicubic: 'cubic' };
  return [withText(node, 'mode', renamed[text] ?? text)];
}

function upgradeRoiAlign(node: NodeProto): NodeProto[] {
  return [withText(node, 'coordinate_transformation_mode', 'output_half_pixel')];
}

function refuse(node: NodeProto): never {
  throw new DomainError(
    'UNSUPPORTED',
    `Node "${node.name}" (${node.op_type}) means something else in ONNX operator set 20.`,
    { fix: 'Export the model again with opset_version=17 or 20.' },
  );
}

function find(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((attribute) => attribute.name === name);
}

function integer(node: NodeProto, name: string, fallback: number): number {
  const attribute = find(node, name);
  return attribute === undefined ? fallback : Number(attribute.i ?? 0);
}

function integers(node: NodeProto, name: string): number[] | null {
  const attribute = find(node, name);
  return attribute === undefined ? null : (attribute.ints ?? []).map(Number);
}

function without(node: NodeProto, names: readonly string[]): NodeProto {
  return { ...node, attribute: node.attribute.filter(({ name }) => !names.includes(name)) };
}

function withInteger(node: NodeProto, name: string, value: number): NodeProto {
  const rest = without(node, [name]);
  return { ...rest, attribute: [...rest.attribute, { name, type: ATTRIBUTE_TYPE.i, i: value }] };
}

function withText(node: NodeProto, name: string, value: string): NodeProto {
  const rest = without(node, [name]);
  const attribute = { name, type: ATTRIBUTE_TYPE.s, s: Buffer.from(value) };
  return { ...rest, attribute: [...rest.attribute, attribute] };
}
