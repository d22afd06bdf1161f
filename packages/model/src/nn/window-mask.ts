/** @file Attention masks over a square grid of tokens, as additive logits. */

/** Stands for -inf: exp of it is exactly 0, and it has no NaN in gradients. */
export const BLOCKED = -1e9;

/**
 * Which keys a query may see: those within the `window`×`window` neighborhood of its position (clipped at the borders,
 * not shifted), or all but those.
 * @param grid Side of the token grid; token t is at row ⌊t/grid⌋, column t mod grid.
 * @param window Odd side of the neighborhood.
 * @param inside true: only inside is seen (local cross attention); false: only outside (masked attention).
 * @returns f32 `[grid², grid²]`, query by key, 0 or -1e9.
 */
export function windowMask(grid: number, window: number, inside: boolean): Float32Array {
  const half = Math.floor(window / 2);
  const tokens = grid * grid;
  const mask = new Float32Array(tokens * tokens);
  for (let query = 0; query < tokens; query++) {
    const row = Math.floor(query / grid);
    const column = query % grid;
    for (let key = 0; key < tokens; key++) {
      const near =
        Math.abs(Math.floor(key / grid) - row) <= half && Math.abs((key % grid) - column) <= half;
      if (near !== inside) mask[query * tokens + key] = BLOCKED;
    }
  }
  return mask;
}
