import { nodesCsv } from "../../../model/figures/node_columns.ts";
import { nodeFigures } from "../../../model/figures/nodes.ts";
import { runCsv } from "../../(_lib)/run_csv.ts";

/** All hosts of a run that were looked at themselves, as CSV. */
export const handler = runCsv("nodes", (run) => nodesCsv(nodeFigures(run)));
