/** @file A child that computes. Argument: `in turns` of a second each, or `for ever` without one. */
process.on('disconnect', () => process.exit(0));
process.send?.('begins');

function compute(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

if (process.argv[2] === 'for ever') setTimeout(() => compute(Number.POSITIVE_INFINITY));
else setInterval(() => compute(1_000), 10);
