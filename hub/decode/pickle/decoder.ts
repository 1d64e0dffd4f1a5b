/** The machine that pickles are programs for, as far as data needs it. */
import type { Value } from "../value.ts";
import { dateTimeOfState, dateTimeRest } from "./datetimes.ts";
import { malformed, refused } from "./errors.ts";
import { DATETIME, findGlobal, Global, type Item } from "./globals.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Memo } from "./memo.ts";
import { bigEndianFloat, lineEnd, lineValue, reach, signed32, unsigned } from "./bytes.ts";
import { binaryInteger, intLine } from "./numbers.ts";
import { REFUSED } from "./refused.ts";
import { checkShape } from "./shape.ts";
import { Stack } from "./stack.ts";
import { utf8 } from "./text.ts";

const NOTHING = new Uint8Array();

/**
 * Decodes pickles one after the other. It can be used again, also after an error; calls do not
 * nest.
 */
export class PickleDecoder {
  /** Where the last pickle ended: the place after its STOP. */
  end = 0;
  readonly #limits: Limits;
  #bytes: Uint8Array = NOTHING;
  #values = 0;
  readonly #spend = (count: number): void => {
    this.#values -= count;
    if (this.#values < 0) throw malformed("it has too many values");
  };
  readonly #stack = new Stack(this.#spend);
  readonly #memo = new Memo();

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
          const to = reach(bytes, at + 1, bytes[at]);
          stack.push(utf8(bytes, at + 1, to));
          at = to;
          break;
        }
        case 0x94: // MEMOIZE
          memo.add(stack.peek());
          break;
        case 0x4b: // BININT1
          stack.push(bytes[reach(bytes, at, 1) - 1]);
          at += 1;
          break;
        case 0x68: // BINGET
          stack.pushAgain(memo.get(bytes[reach(bytes, at, 1) - 1]));
          at += 1;
          break;
        case 0x47: { // BINFLOAT
          const to = reach(bytes, at, 8);
          stack.push(bigEndianFloat(bytes, at));
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
          reach(bytes, at, 2);
          stack.push(bytes[at] | bytes[at + 1] << 8);
          at += 2;
          break;
        case 0x4a: // BININT
          reach(bytes, at, 4);
          stack.push(signed32(bytes, at));
          at += 4;
          break;
        case 0x43: { // SHORT_BINBYTES
          const to = reach(bytes, at + 1, bytes[at]);
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
        case 0x64: // DICT
          stack.dict(stack.takeMark());
          break;
        case 0x91: // FROZENSET
          stack.pushContainer(stack.takeSet(stack.takeMark()));
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
        case 0x90: // ADDITEMS
          stack.addItems(stack.takeMark());
          break;
        case 0x80: // PROTO
          if (bytes[reach(bytes, at, 1) - 1] > 5) throw malformed("a pickle protocol beyond 5");
          at += 1;
          break;
        case 0x95: // FRAME
          reach(bytes, at + 8, unsigned(bytes, at, 8));
          at += 8;
          break;
        case 0x2e: // STOP
          this.end = at;
          return;
        case 0x71: // BINPUT
          memo.put(bytes[reach(bytes, at, 1) - 1], stack.peek());
          at += 1;
          break;
        case 0x72: // LONG_BINPUT
          memo.put(unsigned(bytes, at, 4), stack.peek());
          at += 4;
          break;
        case 0x6a: // LONG_BINGET
          stack.pushAgain(memo.get(unsigned(bytes, at, 4)));
          at += 4;
          break;
        case 0x58: // BINUNICODE
        case 0x8d: // BINUNICODE8
        case 0x54: // BINSTRING
        case 0x55: { // SHORT_BINSTRING
          const size = opcode === 0x8d ? 8 : opcode === 0x55 ? 1 : 4;
          const to = reach(bytes, at + size, unsigned(bytes, at, size));
          stack.push(utf8(bytes, at + size, to));
          at = to;
          break;
        }
        case 0x42: // BINBYTES
        case 0x8e: // BINBYTES8
        case 0x96: { // BYTEARRAY8
          const size = opcode === 0x42 ? 4 : 8;
          const to = reach(bytes, at + size, unsigned(bytes, at, size));
          stack.push(bytes.slice(at + size, to));
          at = to;
          break;
        }
        case 0x8a: // LONG1
        case 0x8b: { // LONG4
          const size = opcode === 0x8a ? 1 : 4;
          const length = unsigned(bytes, at, size);
          if (length > this.#limits.integerBytes) throw malformed("an integer is too long");
          const to = reach(bytes, at + size, length);
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
          const middle = lineEnd(bytes, at);
          const to = lineEnd(bytes, middle + 1);
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
        case 0x56: { // UNICODE
          const to = lineEnd(bytes, at);
          stack.push(lineValue(opcode, bytes, at, to));
          at = to + 1;
          break;
        }
        case 0x67: // GET
        case 0x70: { // PUT
          const to = lineEnd(bytes, at);
          const index = Number(intLine(bytes, at, to));
          if (opcode === 0x67) stack.pushAgain(memo.get(index));
          else memo.put(index, stack.peek());
          at = to + 1;
          break;
        }
        default:
          if (opcode in REFUSED) throw refused(`it asks for ${REFUSED[opcode]}`);
          throw malformed(`unknown opcode 0x${opcode.toString(16)} at byte ${at - 1}`);
      }
    }
  }

  #call(callee: Item | undefined, args: Item): void {
    if (!(callee instanceof Global)) throw malformed("it calls something that is not a class");
    if (!Array.isArray(args)) throw malformed(`wrong arguments for ${callee.name}`);
    this.#stack.classes--;
    this.#stack.push(callee.make(args, this.#spend));
  }

  /** {@link dateTimeRest}, where a datetime is being made and the memo takes its parts. */
  #dateTimeRest(at: number): number {
    if (!this.#stack.topIs(DATETIME)) return 0;
    const rest = dateTimeRest(this.#bytes, at);
    if (rest === 0 || !this.#memo.skip(rest - 2)) return 0;
    this.#stack.classes--;
    return rest;
  }
}
