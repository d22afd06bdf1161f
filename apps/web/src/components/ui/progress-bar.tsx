/** @file A progress bar with its numbers in words. */
interface ProgressBarProps {
  label: string;
  /** 0 to 1; null while the extent is unknown. */
  value: number | null;
  /** Beside the bar, for example the time left. */
  detail?: string;
}

export function ProgressBar({ label, value, detail }: ProgressBarProps) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div>
      <div className="mb-1.5 flex flex-wrap justify-between gap-x-4 text-sm">
        <span>{label}</span>
        <span className="text-ink-soft">
          {[percent === null ? null : `${percent} %`, detail].filter(Boolean).join(', ')}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(percent === null ? {} : { 'aria-valuenow': percent })}
        className="h-2 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className={
            percent === null
              ? 'h-full w-1/4 animate-pulse rounded-full bg-accent'
              : 'h-full rounded-full bg-accent transition-[width] duration-300'
          }
          style={percent === null ? undefined : { width: `${percent}%` }}
        />
      </div>
    </div>
  );
}
