/** The machine that pickles are programs for, as far as data needs it. */
import type { Value } from "../value.ts";
import { dateTimeOfState } from "./datetimes.ts";
import { malformed, refused } from "./errors.ts";
import { DATETIME, findGlobal, Global, type Item } from "./globals.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Memo } from "./memo.ts";
import { binaryInteger, floatLine, intLine, longLine } from "./numbers.ts";
import { checkShape } from "./shape.ts";
import { addAll, Stack } from "./stack.ts";
import { quotedText, rawUnicodeEscape, utf8 } from "./text.ts";

const NOTHING = new Uint8Array();

/** What each opcode that asks for more than data is for. */
const REFUSED: Record<number, string> = {
  0x50: "a persistent id",
  0x51: "a persistent id",
  0x62: "setting the state of an object",
  0x82: "the extension registry",
  0x83: "the extension registry",
  0x84: "the extension registry",
  0x92: "making an object by keywords",
  0x97: "a buffer that is not in it",
  0x98: "a buffer that is not in it",
};

/**
 * Decodes pickles one after the other. It can be used again, also after an error; calls do not
 * nest.
 */
export class PickleDecoder {
  /** Where the last pickle ended: the place after its STOP. */
  end = 0;
  readonly #limits: Limits;
  #bytes: Uint8Array = NOTHING;
  readonly #float = new DataView(new ArrayBuffer(8));
  readonly #stack = new Stack();
  readonly #memo = new Memo();
  #values = 0;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /**
   * The value of the pickle at `start`; `end` is set to where it ends.
   *
   * @throws {MalformedMessage}
   */
  decode(bytes: Uint8Array, start = 0): Value {
    const { depth, values, containers } = this.#limits;
    this.#bytes = bytes;
    this.#values = values;
    this.#stack.start(containers);
    // Picklers number what they keep one by one, and each takes a byte at least.
    this.#memo.start(Math.min(bytes.length, values));
    try {
      this.#run(start);
      const { value, plain } = this.#stack.result(depth);
      if (!plain) checkShape(value, depth, Math.min(values, 4096 + 4 * (this.end - start)));
      return value as Value;
    } finally {
      this.#bytes = NOTHING;
      this.#stack.end();
      this.#memo.end();
    }
  }

  #run(start: number): void {
    const bytes = this.#bytes;
    const stack = this.#stack;
    const memo = this.#memo;
    const end = bytes.length;
    let at = start;
    for (;;) {
      if (at >= end) throw malformed("it is cut short");
      if (--this.#values < 0) throw malformed("it has too many values");
      const opcode = bytes[at++];
      switch (opcode) {
        case 0x8c: { // SHORT_BINUNICODE
          const to = this.#reach(at + 1, bytes[at]);
          stack.push(utf8(bytes, at + 1, to));
          at = to;
          break;
        }
        case 0x94: // MEMOIZE
          memo.add(stack.peek());
          break;
        case 0x4b: // BININT1
          stack.push(bytes[this.#reach(at, 1) - 1]);
          at += 1;
          break;
        case 0x68: // BINGET
          stack.pushAgain(memo.get(bytes[this.#reach(at, 1) - 1]));
          at += 1;
          break;
        case 0x47: { // BINFLOAT
          const to = this.#reach(at, 8);
          for (let i = 0; i < 8; i++) this.#float.setUint8(i, bytes[at + i]);
          stack.push(this.#float.getFloat64(0));
          at = to;
          break;
        }
        case 0x4e: // NONE
          stack.push(null);
          break;
        case 0x88: // NEWTRUE
          stack.push(true);
          break;
        case 0x89: // NEWFALSE
          stack.push(false);
          break;
        case 0x4d: // BININT2
          this.#reach(at, 2);
          stack.push(bytes[at] | bytes[at + 1] << 8);
          at += 2;
          break;
        case 0x4a: // BININT
          this.#reach(at, 4);
          stack.push(
            bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 |
              bytes[at + 3] << 24,
          );
          at += 4;
          break;
        case 0x43: { // SHORT_BINBYTES
          const to = this.#reach(at + 1, bytes[at]);
          const rest = to - at === 11 ? this.#dateTimeRest(to) : 0;
          if (rest === 0) stack.push(bytes.slice(at + 1, to));
          else stack.replace(dateTimeOfState(bytes, at + 1));
          at = to + rest;
          break;
        }
        case 0x93: { // STACK_GLOBAL
          const name = stack.pop();
          stack.pushGlobal(findGlobal(stack.pop(), name));
          break;
        }
        case 0x52: // REDUCE
        case 0x81: { // NEWOBJ
          const args = stack.pop();
          this.#call(stack.pop(), args);
          break;
        }
        case 0x28: // MARK
          stack.mark();
          break;
        case 0x75: // SETITEMS
          stack.setItems(stack.takeMark());
          break;
        case 0x7d: // EMPTY_DICT
          stack.pushContainer(new Map());
          break;
        case 0x5d: // EMPTY_LIST
        case 0x29: // EMPTY_TUPLE
          stack.pushContainer([]);
          break;
        case 0x8f: // EMPTY_SET
          stack.pushContainer(new Set());
          break;
        case 0x85: // TUPLE1
        case 0x86: // TUPLE2
        case 0x87: // TUPLE3
          stack.tuple(opcode - 0x84);
          break;
        case 0x74: // TUPLE
        case 0x6c: // LIST
          stack.pushContainer(stack.takeItems(stack.takeMark()));
          break;
        case 0x64: { // DICT
          const mark = stack.takeMark();
          stack.insertDict(mark);
          stack.setItems(mark + 1);
          break;
        }
        case 0x91: // FROZENSET
          stack.pushContainer(addAll(new Set(), stack.takeItems(stack.takeMark())));
          break;
        case 0x61: // APPEND
          stack.append(stack.top - 1);
          break;
        case 0x65: // APPENDS
          stack.append(stack.takeMark());
          break;
        case 0x73: // SETITEM
          stack.setItems(stack.top - 2);
          break;
        case 0x90: { // ADDITEMS
          const items = stack.takeItems(stack.takeMark());
          const set = stack.peek();
          if (!(set instanceof Set)) throw malformed("elements for something that is not a set");
          addAll(set, items);
          break;
        }
        case 0x80: // PROTO
          if (bytes[this.#reach(at, 1) - 1] > 5) throw malformed("a pickle protocol beyond 5");
          at += 1;
          break;
        case 0x95: // FRAME
          this.#reach(at + 8, this.#length(at, 8));
          at += 8;
          break;
        case 0x2e: // STOP
          this.end = at;
          return;
        case 0x71: // BINPUT
          memo.put(bytes[this.#reach(at, 1) - 1], stack.peek());
          at += 1;
          break;
        case 0x72: // LONG_BINPUT
          memo.put(this.#length(at, 4), stack.peek());
          at += 4;
          break;
        case 0x6a: // LONG_BINGET
          stack.pushAgain(memo.get(this.#length(at, 4)));
          at += 4;
          break;
        case 0x58: // BINUNICODE
        case 0x8d: // BINUNICODE8
        case 0x54: // BINSTRING
        case 0x55: { // SHORT_BINSTRING
          const size = opcode === 0x8d ? 8 : opcode === 0x55 ? 1 : 4;
          const to = this.#reach(at + size, this.#length(at, size));
          stack.push(utf8(bytes, at + size, to));
          at = to;
          break;
        }
        case 0x42: // BINBYTES
        case 0x8e: // BINBYTES8
        case 0x96: { // BYTEARRAY8
          const size = opcode === 0x42 ? 4 : 8;
          const to = this.#reach(at + size, this.#length(at, size));
          stack.push(bytes.slice(at + size, to));
          at = to;
          break;
        }
        case 0x8a: // LONG1
        case 0x8b: { // LONG4
          const size = opcode === 0x8a ? 1 : 4;
          const length = this.#length(at, size);
          if (length > this.#limits.integerBytes) throw malformed("an integer is too long");
          const to = this.#reach(at + size, length);
          stack.push(binaryInteger(bytes, at + size, length));
          at = to;
          break;
        }
        case 0x30: // POP
          stack.drop();
          break;
        case 0x31: // POP_MARK
          stack.dropTo(stack.takeMark());
          break;
        case 0x32: // DUP
          stack.pushAgain(stack.peek());
          break;
        case 0x6f: { // OBJ
          const items = stack.takeItems(stack.takeMark());
          this.#call(items[0], items.slice(1));
          break;
        }
        case 0x63: // GLOBAL
        case 0x69: { // INST
          const middle = this.#lineEnd(at);
          const to = this.#lineEnd(middle + 1);
          const global = findGlobal(utf8(bytes, at, middle), utf8(bytes, middle + 1, to));
          if (opcode === 0x63) {
            stack.pushGlobal(global);
          } else {
            const args = stack.takeItems(stack.takeMark());
            stack.classes++;
            this.#call(global, args);
          }
          at = to + 1;
          break;
        }
        case 0x46: // FLOAT
        case 0x49: // INT
        case 0x4c: // LONG
        case 0x53: // STRING
        case 0x56: // UNICODE
        case 0x67: // GET
        case 0x70: { // PUT
          const to = this.#lineEnd(at);
          this.#line(opcode, at, to);
          at = to + 1;
          break;
        }
        default:
          if (opcode in REFUSED) throw refused(`it asks for ${REFUSED[opcode]}`);
          throw malformed(`unknown opcode 0x${opcode.toString(16)} at byte ${at - 1}`);
      }
    }
  }

  /** The place `length` bytes after `at`, which must not be beyond the input. */
  #reach(at: number, length: number): number {
    const to = at + length;
    // The length itself may be missing, which makes this NaN.
    if (!(to <= this.#bytes.length)) throw malformed("it is cut short");
    return to;
  }

  /** An unsigned number of 1, 4 or 8 bytes. */
  #length(at: number, size: number): number {
    this.#reach(at, size);
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.#bytes[at + i];
    return value;
  }

  #lineEnd(at: number): number {
    const to = this.#bytes.indexOf(0x0a, at);
    if (to < 0) throw malformed("it is cut short");
    return to;
  }

  /** The opcodes of protocol 0 whose argument is a line of text. */
  #line(opcode: number, at: number, to: number): void {
    const bytes = this.#bytes;
    if (opcode === 0x67 || opcode === 0x70) {
      const index = Number(intLine(bytes, at, to));
      if (opcode === 0x67) this.#stack.pushAgain(this.#memo.get(index));
      else this.#memo.put(index, this.#stack.peek());
      return;
    }
    const value = opcode === 0x46
      ? floatLine(bytes, at, to)
      : opcode === 0x49
      ? intLine(bytes, at, to)
      : opcode === 0x4c
      ? longLine(bytes, at, to)
      : opcode === 0x53
      ? quotedText(bytes, at, to)
      : rawUnicodeEscape(bytes, at, to);
    this.#stack.push(value);
  }

  #spend = (count: number): void => {
    this.#values -= count;
    if (this.#values < 0) throw malformed("it has too many values");
  };

  #call(callee: Item | undefined, args: Item): void {
    if (!(callee instanceof Global)) throw malformed("it calls something that is not a class");
    if (!Array.isArray(args)) throw malformed(`wrong arguments for ${callee.name}`);
    this.#stack.classes--;
    this.#stack.push(callee.make(args, this.#spend));
  }

  /**
   * For the bytes of a datetime that end at `at`: how many bytes follow until it is made, or 0 when
   * something else is made. They put bytes and tuple into the memo, where nobody looks for them.
   */
  #dateTimeRest(at: number): number {
    if (!this.#stack.topIs(DATETIME)) return 0;
    const bytes = this.#bytes;
    let i = at;
    if (bytes[i] === 0x94) i++;
    if (bytes[i++] !== 0x85) return 0;
    if (bytes[i] === 0x94) i++;
    if (bytes[i++] !== 0x52) return 0;
    if (!this.#memo.skip(i - at - 2)) return 0;
    this.#stack.classes--;
    return i - at;
  }
}
