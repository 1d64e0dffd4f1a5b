import { count, percent } from "../looks/format.ts";

/** How much of a run has been read: rows so far and in all; `total` is 0 while it is unknown. */
export interface Loading {
  done: number;
  total: number;
}

/** A slim line under the top bar while the figures of a page are still of a part of its run. */
export function LoadingLine({ loading }: { loading: Loading | null }) {
  if (!loading) return null;
  const { done, total } = loading;
  const part = total > 0 ? percent(done / total) : null;
  return (
    <div class="loading">
      <progress
        class="loading-line"
        aria-label="Reading the database"
        max={total > 0 ? total : undefined}
        value={total > 0 ? done : undefined}
      />
      <span class="loading-text">
        {part === null
          ? "Reading the database…"
          : `Reading the database: ${part} of ${count(total)} rows; figures fill in.`}
      </span>
    </div>
  );
}
