/** The table of the runs that a hub has heard of. */
import { runName } from "../figures/run_name.ts";
import type { TableColumn } from "../table/column.ts";
import type { HubSnapshot, RunAccounts } from "./accounts.ts";

/** A run of a hub; `linked` where the pages of runs are served. */
export interface HubRunLine {
  run: RunAccounts;
  snapshot: HubSnapshot;
  linked: boolean;
}

/** The columns of the table of a hub's runs. */
export const HUB_RUN_COLUMNS: readonly TableColumn<HubRunLine>[] = [
  {
    key: "name",
    label: "Run",
    kind: "hubRun",
    value: ({ run: { runId, workflowName }, linked }) => ({
      id: runId,
      name: runName({ name: workflowName, runId }),
      linked,
    }),
  },
  { key: "received", label: "Received", kind: "count", value: ({ run }) => run.received },
  { key: "written", label: "Written", kind: "count", value: ({ run }) => run.written },
  {
    key: "quarantined",
    label: "Quarantined",
    kind: "badCount",
    value: ({ run }) => run.quarantined,
  },
  { key: "deferred", label: "Deferred", kind: "calmCount", value: ({ run }) => run.deferred },
  {
    key: "last",
    label: "Last message",
    kind: "ago",
    value: ({ run: { lastMessage }, snapshot: { at, zone } }) => ({
      time: lastMessage + zone,
      since: at - lastMessage,
    }),
  },
];
