import type { Block } from "../model/figures/blocks.ts";
import type { Manager } from "../model/figures/capacity.ts";
import { BLOCK_COLUMNS, MANAGER_COLUMNS } from "../model/figures/fleet_columns.ts";
import { Table } from "./table/table.tsx";
import { Empty } from "./ui.tsx";

/** Managers that reported to a run, or why there are none. */
export function ManagersTable({ managers }: { managers: readonly Manager[] }) {
  if (managers.length === 0) {
    return (
      <Empty
        why="No manager reported to this run."
        what="Only HighThroughputExecutor has managers; threads run inside the submit process."
      />
    );
  }
  return <Table label="Managers" columns={MANAGER_COLUMNS} lines={managers} />;
}

/** Blocks of a run, or that none was reported. */
export function BlocksTable({ blocks }: { blocks: readonly Block[] }) {
  if (blocks.length === 0) return <Empty why="No block was reported for this run." />;
  return <Table label="Blocks" columns={BLOCK_COLUMNS} lines={blocks} />;
}
