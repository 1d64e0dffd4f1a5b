import { Ints } from "../../model/run/columns.ts";

const COMMA = 44;
/** Items have this many digits at most. */
const DIGITS = 9;

/** Lists of integers, from texts "3,17", one after the other. */
export class IntLists {
  readonly items = new Ints();
  /** Where each list begins in `items`; and where the next one will. */
  readonly starts = new Ints();

  constructor() {
    this.starts.push(0);
  }

  /** How many lists there are. */
  get length(): number {
    return this.starts.length - 1;
  }

  /** Takes a list in; false when its text would not come back to the letter. */
  add(text: string): boolean {
    const before = this.items.length;
    let value = 0;
    let digits = 0;
    for (let i = 0; i <= text.length; i++) {
      const code = i === text.length ? COMMA : text.charCodeAt(i);
      const digit = code - 48;
      if (digit >= 0 && digit <= 9 && digits < DIGITS && (digits === 0 || value > 0)) {
        value = value * 10 + digit;
        digits++;
      } else if (code === COMMA && digits > 0) {
        this.items.push(value);
        value = digits = 0;
      } else {
        this.items.length = before;
        return false;
      }
    }
    this.starts.push(this.items.length);
    return true;
  }
}
