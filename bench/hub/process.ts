/** What Linux tells of a process: processor time by thread, and memory. */

const MIB = 1 << 20;
/** Ticks per second in /proc: the same on all systems that Deno runs on. */
const TICKS = 100;

/** Memory of a process in MiB. */
export interface Memory {
  /** Resident pages, and the most that they ever were. */
  resident: number;
  peak: number;
  /** Resident pages, those shared with other processes in proportion. */
  proportional: number;
  /** Pages that no file backs. */
  anonymous: number;
}

/** Seconds of processor time by role of the thread in a hub. */
export interface Times {
  main: number;
  writer: number;
  receiver: number;
  /** V8's helpers and Deno's input and output. */
  others: number;
}

/** The memory of a process now. */
export function memoryOf(pid: number): Memory {
  const text = Deno.readTextFileSync(`/proc/${pid}/status`) +
    Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`);
  const kilobytes = (name: string) => {
    const found = text.match(new RegExp(`^${name}:\\s+(\\d+) kB`, "m"));
    if (found === null) throw new Error(`/proc tells no ${name} of process ${pid}`);
    return Number(found[1]) * 1024 / MIB;
  };
  return {
    resident: kilobytes("VmRSS"),
    peak: kilobytes("VmHWM"),
    proportional: kilobytes("Pss"),
    anonymous: kilobytes("RssAnon"),
  };
}

/** Processor time that the threads of a hub used since it was started. */
export function timesOf(pid: number): Times {
  const times: Times = { main: 0, writer: 0, receiver: 0, others: 0 };
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    let stat: string;
    try {
      stat = Deno.readTextFileSync(`/proc/${pid}/task/${name}/stat`);
    } catch {
      continue; // The thread has ended.
    }
    // Its name stands in parentheses and may contain anything.
    const end = stat.lastIndexOf(")");
    const thread = stat.slice(stat.indexOf("(") + 1, end);
    const fields = stat.slice(end + 2).split(" ");
    const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS;
    times[roleOf(Number(name) === pid, thread)] += seconds;
  }
  return times;
}

/** The hub starts the thread that writes before the one that receives. */
function roleOf(main: boolean, thread: string): keyof Times {
  if (main) return "main";
  if (thread === "worker-1") return "writer";
  return thread === "worker-2" ? "receiver" : "others";
}

/** All of it. */
export function total({ main, writer, receiver, others }: Times): number {
  return main + writer + receiver + others;
}

/** What was used between two looks. */
export function between(before: Times, after: Times): Times {
  return {
    main: after.main - before.main,
    writer: after.writer - before.writer,
    receiver: after.receiver - before.receiver,
    others: after.others - before.others,
  };
}
