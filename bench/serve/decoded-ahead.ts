/** @file Values made one after another, some of them before they are asked for. */

/** @param ahead How many are made before they are asked for; with 0 each is made when it is. */
export function decodedAhead<Value>(
  make: (index: number) => Promise<Value>,
  ahead: number,
): () => Promise<Value> {
  const made: Promise<Value>[] = [];
  let next = 0;
  return () => {
    while (made.length <= ahead) made.push(make(next++));
    // There is one, by the line above.
    return made.shift() as Promise<Value>;
  };
}
