/** What a message is made of once it is decoded: data, and nothing that could run. */

/** A naive local date and time, `YYYY-MM-DD HH:MM:SS.ffffff`, as Parsl's database holds it. */
export class DateTime {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A member of one of Parsl's enumerations, by value or by name. */
export class EnumMember {
  /** Name of the class: `MessageType` or `States`. */
  readonly type: string;
  readonly value: number | null;
  readonly name: string | null;
  constructor(type: string, value: number | null, name: string | null) {
    this.type = type;
    this.value = value;
    this.name = name;
  }
}

/**
 * Python's lists and tuples are arrays, dicts are Maps, sets are Sets, bytes are Uint8Arrays;
 * integers beyond 2^53 are bigints. `date`, `time` and `timedelta` are their ISO texts and seconds.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | DateTime
  | EnumMember
  | Value[]
  | Set<Value>
  | Map<Value, Value>;

/** The payload of a message: a dict with names as keys. */
export type Fields = Map<Value, Value>;

/** A message that is damaged, hostile, or of no known shape; says what is wrong with it. */
export class MalformedMessage extends Error {
  override name = "MalformedMessage";
  /** True when it asked for something that data has no need of, such as running code. */
  readonly refused: boolean;
  constructor(message: string, refused = false) {
    super(message);
    this.refused = refused;
  }
}
