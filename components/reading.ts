import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";

/** Whether what a page shows is still being read from the database: what is missing may yet come. */
export const Reading = createContext(false);

/** Whether what the page shows is still being read. */
export function useReading(): boolean {
  return useContext(Reading);
}

/** What is said of what is missing meanwhile. */
export const NOT_READ = "Not read yet.";

/** A figure that is known only when all has been read: `none` stands for it meanwhile. */
export function Known(
  { children, none = "…" }: { children?: ComponentChildren; none?: ComponentChildren },
): ComponentChildren {
  return useReading() ? none : children;
}
