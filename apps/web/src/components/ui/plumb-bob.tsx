/** @file The mark: a weight that hangs true on its line. */
export function PlumbBob({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 16 40" className={className} aria-hidden="true" fill="currentColor">
      <path d="M7.5 0h1v20h-1z" />
      <path d="M5.5 19.5h5v2.5h-5z" />
      <path d="M3 23h10v5L8 40 3 28z" />
    </svg>
  );
}
