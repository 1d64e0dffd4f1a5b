import { blocksOf } from "../../../model/figures/blocks.ts";
import { blocksCsv } from "../../../model/figures/fleet_columns.ts";
import { runCsv } from "../../(_lib)/run_csv.ts";

/** All blocks of a run as CSV. */
export const handler = runCsv("blocks", (run) => blocksCsv(blocksOf(run)));
