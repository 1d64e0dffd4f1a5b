/** The tables of what failed and why. */
import type { TableColumn } from "../table/column.ts";
import type { FailureGroup } from "./failures.ts";

/**
 * The columns of a table of causes.
 *
 * @param open what is said of tasks that failed and have not ended, as "may be retried"
 */
export function failureColumns(open: string): readonly TableColumn<FailureGroup>[] {
  return [
    {
      key: "cause",
      label: "Cause",
      kind: "cause",
      value: ({ cause, merges }) => ({ cause, merges }),
    },
    {
      key: "failed",
      label: "Failed",
      kind: "causeTasks",
      value: ({ cause, failed }) => ({ cause, state: "failed", tasks: failed }),
    },
    {
      key: "notRun",
      label: "Not run",
      kind: "causeTasks",
      value: ({ cause, notRun }) => ({ cause, state: "dep_fail", tasks: notRun }),
    },
    {
      key: "open",
      label: open[0].toUpperCase() + open.slice(1),
      kind: "causeTasks",
      value: ({ cause, open }) => ({ cause, tasks: open }),
    },
    {
      key: "saved",
      label: "Saved by a retry",
      kind: "causeTasks",
      value: ({ cause, saved }) => ({ cause, tasks: saved }),
    },
    { key: "first", label: "First at", kind: "time", value: ({ first }) => first },
    {
      key: "apps",
      label: "Apps",
      kind: "names",
      value: ({ apps }) => ({ names: apps, more: 0, what: "apps" }),
    },
    {
      key: "hosts",
      label: "Hosts",
      kind: "names",
      value: ({ hosts, moreHosts }) => ({ names: hosts, more: moreHosts, what: "hosts" }),
    },
  ];
}
