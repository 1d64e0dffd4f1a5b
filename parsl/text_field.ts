/** The texts that can be searched: names of files (streams, inputs, outputs), one stream, failures. */
export type TextField = "file" | "stdout" | "stderr" | "error";
