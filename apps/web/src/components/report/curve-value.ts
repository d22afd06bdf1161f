/** @file The height of a curve at a given place: what a table says in place of the picture. */
import type { CurvePoints } from '@plumbline/contracts';

/** Where tables read curves: closer together near 0, where ROC and PRO decide. */
export const TABLE_PLACES = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** Linear between points; where the curve is upright, its last point there; its end where it does not reach. */
export function curveValue({ x, y }: CurvePoints, place: number): number | null {
  const after = x.findIndex((value) => value > place);
  const before = after === -1 ? x.length - 1 : after - 1;
  const [low, high] = [y[before] ?? y[after], y[after] ?? y[before]];
  if (low === undefined || high === undefined) return null;
  const [from = 0, to = 0] = [x[before], x[after]];
  return after === -1 || before < 0 ? low : low + ((place - from) / (to - from)) * (high - low);
}
