/** What the commands are and how their options are read. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { UserError } from "../errors.ts";

/** The user's mistake, in one sentence that says what to do. */
export class UsageError extends UserError {
  override name = "UsageError";
  override readonly status = 2;
}

export const USAGE = `Parsloscope: monitoring for Parsl workflows

  parsloscope visualize [DB ...] [-p PORT] [-l ADDRESS] [-d] [--hub]
      shows monitoring databases; DB is sqlite:////abs/path.db, a path, or a run directory;
      default runinfo/monitoring.db, port 8080, address 127.0.0.1; the address that it prints has
      your token in it, for others of this machine reach it too
  parsloscope hub [DB] [-p PORT] [-l ADDRESS] [--http PORT]
      receives the messages of running workflows and writes them to DB;
      default runinfo/monitoring.db, port 55055 (UDP and TCP), address 127.0.0.1
  parsloscope demo [-p PORT] [-l ADDRESS]
      replays recordings of real runs through a hub, and shows them live
  parsloscope import FILE OUT.db [--force] [--max-unpacked MIB]
      makes a database of a report (HTML), or of a workflow trace in WfFormat, as other systems
      record it; --force replaces OUT.db
  parsloscope export [DB] [RUN] [-o FILE]
      writes a run as one HTML file that opens without a server; RUN is an id, the beginning of
      one, or a workflow's name; default the only run of runinfo/monitoring.db, to NAME-RUNID.html

  -p, --port PORT       port to listen on; 0 picks a free one
  -l, --listen ADDRESS  address to listen on; for pages also unix:PATH, a socket that only you
                        can connect to, and that ssh forwards to
  -d, --debug           say more about errors
  -h, --help            this text

Who may look, with visualize, demo and hub --http
      --host NAME       another name that the server answers for; may be given several times
      --no-token        whoever reaches the address may look
      --yes-public      together with --no-token or --allow-unsigned, on other addresses than this
                        machine's own: everybody on the network may, and that is meant
      --tls-cert FILE   serve by https, with this certificate (PEM) …
      --tls-key FILE    … and its key

Dashboard
      --memory MIB      memory that the workflows looked at may take; those not looked at for the
                        longest time are read again when they are asked for (512)
      --hub             receive messages as well, into the first DB
      --hub-port PORT   port of that hub (55055)
      --hub-listen ADDRESS  address of that hub (127.0.0.1)

Hub
      --key-file FILE   the key that messages are signed with (DB.key, made when absent;
                        PARSLOSCOPE_KEY may hold it as hex instead)
      --digest NAME     sha512, sha384, sha256, sha224, sha1 or md5 (sha512)
      --allow-unsigned  take datagrams without a signature, as Parsl sent until June 2025
      --fs-radio DIR    take the files of Parsl's filesystem radio from this run directory, or from
                        all runs of a runinfo directory; may be given several times
      --journal-mode M  wal, or delete for file systems where WAL does not work (wal)
      --http PORT       serve the pages /hub and /metrics on 127.0.0.1, or on unix:PATH
      --stop-when-idle SECONDS  stop when no client was there and nothing came for so long
      --plain           do not take datagrams through libc
      --spill-limit MIB datagrams that may wait beside DB when memory for them is used up (2048)

Import
      --max-unpacked MIB  memory that the file may take when it is unpacked (2048)

Export
  -o, --output FILE     file to write; - for standard output, or a folder
      --latest          the run that began last
      --all             every run, into the folder given by -o, with an index.html
      --force           replace reports that are there
      --title TEXT      title of the report (the workflow's name)
      --theme THEME     auto, light or dark (auto: as the reader's system is set)
      --redact          without host names, users, paths and arguments
      --full            with what is left out for size otherwise
`;

/** The options of every command. */
export const COMMON_OPTIONS = {
  debug: { type: "boolean", short: "d", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Parses a command's arguments. */
export function parse<const T extends NonNullable<ParseArgsConfig["options"]>>(
  args: string[],
  options: T,
) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    const message = (error as Error).message.split(/\.\s/)[0];
    throw new UsageError(`${message}; --help lists the options.`);
  }
}

/** A port number from an option's text. */
export function portOf(option: string, text: string): number {
  const port = Number(text);
  if (text.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UsageError(`--${option} takes a number from 0 to 65535, not "${text}".`);
  }
  return port;
}

/** A whole number from 1 up, from an option's text. */
export function countOf(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`--${option} takes a whole number from 1 up, not "${text}".`);
  }
  return value;
}

/** One of the texts that an option takes. */
export function choiceOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) {
    throw new UsageError(`--${option} takes ${choices.join(", ")}, not "${text}".`);
  }
  return choice;
}
