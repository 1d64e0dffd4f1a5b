/**
 * SHA-512 for many short messages. A call of the runtime's own costs more than the hash of a
 * datagram; while somebody floods the hub with wrong signatures, that would be what good messages are
 * lost by. The code of FIPS 180-4 is put together here as a WebAssembly module, which is a few
 * kilobytes, has no imports and sees nothing but its own memory.
 */

/** Bytes of a block, of a digest, and of the state between blocks. */
export const BLOCK_BYTES = 128;
export const DIGEST_BYTES = 64;

/** Where things are in the module's memory, in bytes. */
const SCHEDULE = 0;
const STATE = 640;
const SCRATCH = 1024;
const DATA = 2048;
/** Bytes of the longest message, its padding left out; and of a page of WebAssembly. */
export const LONGEST_BYTES = 65_536;
const PAGE_BYTES = 65_536;

const WORD = (1n << 64n) - 1n;

/** Opcodes of WebAssembly that are used. */
const OP = {
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  load64: 0x29,
  store64: 0x37,
  const32: 0x41,
  const64: 0x42,
  add32: 0x6a,
  sub32: 0x6b,
  add64: 0x7c,
  and64: 0x83,
  xor64: 0x85,
  shiftRight64: 0x88,
  rotateRight64: 0x8a,
} as const;
const [I32, I64, NOTHING] = [0x7f, 0x7e, 0x40];

/** The first primes. */
function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let n = 2n; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0n)) found.push(n);
  }
  return found;
}

/** The largest number whose power is not above `n`. */
function root(n: bigint, power: bigint): bigint {
  let low = 0n;
  let high = 1n << 72n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** power <= n) low = middle;
    else high = middle;
  }
  return low;
}

/** The first 64 bits of the fractions of square and cube roots: state at the beginning, and rounds. */
const BEGINNING = primes(8).map((prime) => root(prime << 128n, 2n) & WORD);
const ROUNDS = primes(80).map((prime) => root(prime << 192n, 3n) & WORD);

/** A number in LEB128, as WebAssembly has lengths and places; not negative. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    bytes.push(value & 0x7f | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return bytes;
}

/** A number of 64 bits in signed LEB128, as constants are written. */
function signed(value: bigint): number[] {
  let rest = BigInt.asIntN(64, value);
  for (const bytes: number[] = [];;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = rest === 0n && low < 64 || rest === -1n && low >= 64;
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

const get = (local: number) => [OP.localGet, ...unsigned(local)];
const set = (local: number) => [OP.localSet, ...unsigned(local)];
const constant = (value: bigint) => [OP.const64, ...signed(value)];
/** The word at a place of the memory. */
const load = (place: number) => [OP.const32, 0, OP.load64, 3, ...unsigned(place)];
const store = (place: number, value: number[]) => [
  OP.const32,
  0,
  ...value,
  OP.store64,
  3,
  ...unsigned(place),
];
const rotated = (
  word: number[],
  by: number,
) => [...word, ...constant(BigInt(by)), OP.rotateRight64];
const shifted = (word: number[], by: number) => [...word, ...constant(BigInt(by)), OP.shiftRight64];
const xor = (a: number[], b: number[]) => [...a, ...b, OP.xor64];
const and = (a: number[], b: number[]) => [...a, ...b, OP.and64];
const sum = (first: number[], ...more: number[][]) => [
  ...first,
  ...more.flatMap((one) => [...one, OP.add64]),
];

/** 16 bytes with each half turned round, from a place after a local's to a place after another's. */
function turned(from: number, fromPlace: number, to: number[], toPlace: number): number[] {
  const order = [7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8];
  const vector = [...get(from), 0xfd, 0x00, 0, ...unsigned(fromPlace)];
  return [...to, ...vector, ...vector, 0xfd, 0x0d, ...order, 0xfd, 0x0b, 0, ...unsigned(toPlace)];
}

/** Locals of the function: where the data is, how many blocks, two sums, and the eight words. */
const [POINTER, BLOCKS, FIRST, WORDS] = [0, 1, 2, 3];

/** The body of `compress(pointer, blocks)`. */
function compress(): number[] {
  const code: number[] = [OP.loop, NOTHING];
  for (let i = 0; i < 8; i++) {
    code.push(...turned(POINTER, 16 * i, [OP.const32, 0], SCHEDULE + 16 * i));
  }
  const word = (t: number) => load(SCHEDULE + 8 * t);
  for (let t = 16; t < 80; t++) {
    const [late, early] = [word(t - 2), word(t - 15)];
    const small1 = xor(xor(rotated(late, 19), rotated(late, 61)), shifted(late, 6));
    const small0 = xor(xor(rotated(early, 1), rotated(early, 8)), shifted(early, 7));
    code.push(...store(SCHEDULE + 8 * t, sum(small1, word(t - 7), small0, word(t - 16))));
  }
  for (let i = 0; i < 8; i++) code.push(...load(STATE + 8 * i), ...set(WORDS + i));
  for (let t = 0; t < 80; t++) {
    // The words move by one each round: their names do, and not they.
    const at = (i: number) => WORDS + (i - t % 8 + 8) % 8;
    const [a, b, c, , e, f, g, h] = Array.from({ length: 8 }, (_, i) => get(at(i)));
    const large1 = xor(xor(rotated(e, 14), rotated(e, 18)), rotated(e, 41));
    const choice = xor(g, and(e, xor(f, g)));
    const large0 = xor(xor(rotated(a, 28), rotated(a, 34)), rotated(a, 39));
    const majority = xor(and(a, b), and(c, xor(a, b)));
    code.push(...sum(h, large1, choice, constant(ROUNDS[t]), word(t)), ...set(FIRST));
    code.push(...sum(get(at(3)), get(FIRST)), ...set(at(3)));
    code.push(...sum(get(FIRST), large0, majority), ...set(at(7)));
  }
  for (let i = 0; i < 8; i++) {
    code.push(...store(STATE + 8 * i, sum(load(STATE + 8 * i), get(WORDS + i))));
  }
  code.push(...get(POINTER), OP.const32, 0x80, 0x01, OP.add32, ...set(POINTER));
  code.push(...get(BLOCKS), OP.const32, 1, OP.sub32, OP.localTee, BLOCKS, OP.branchIf, 0);
  return [...code, OP.end, OP.end];
}

/** The body of `digest(to)`: the state as bytes, the most significant of each word first. */
function digest(): number[] {
  const code: number[] = [];
  // `turned` takes the place from a local: one that is always 0.
  for (let i = 0; i < 4; i++) code.push(...turned(1, STATE + 16 * i, get(0), 16 * i));
  return [...code, OP.end];
}

const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content];
const counted = (items: number[][]) => [...unsigned(items.length), ...items.flat()];
const named = (name: string) => [...unsigned(name.length), ...new TextEncoder().encode(name)];
const bodied = (locals: number[], code: number[]) => {
  const body = [...locals, ...code];
  return [...unsigned(body.length), ...body];
};

/** The module: two functions and the memory that they work on. */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const pages = Math.ceil((DATA + LONGEST_BYTES + 2 * BLOCK_BYTES) / PAGE_BYTES);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, counted([[0x60, 2, I32, I32, 0], [0x60, 1, I32, 0]])),
    ...section(3, counted([[0], [1]])),
    ...section(5, counted([[0x00, ...unsigned(pages)]])),
    ...section(
      7,
      counted([
        [...named("memory"), 0x02, 0],
        [...named("compress"), 0x00, 0],
        [...named("digest"), 0x00, 1],
      ]),
    ),
    ...section(
      10,
      counted([
        bodied([1, 9, I64], compress()),
        bodied([1, 1, I32], digest()),
      ]),
    ),
  ]);
}

interface Exports {
  memory: WebAssembly.Memory;
  compress(pointer: number, blocks: number): void;
  digest(to: number): void;
}

/** A hash whose state can be set and taken, for messages of at most `LONGEST_BYTES`. */
export class Sha512 {
  readonly #exports: Exports;
  readonly #memory: Uint8Array;
  readonly #view: DataView;

  private constructor(exports: Exports) {
    this.#exports = exports;
    this.#memory = new Uint8Array(exports.memory.buffer);
    this.#view = new DataView(exports.memory.buffer);
  }

  /** Null where the system has no WebAssembly of vectors. */
  static make(): Sha512 | null {
    try {
      const module = new WebAssembly.Module(moduleBytes());
      return new Sha512(new WebAssembly.Instance(module).exports as unknown as Exports);
    } catch {
      return null;
    }
  }

  /** The state after one block from the beginning. */
  stateAfter(block: Uint8Array): Uint8Array {
    for (const [i, word] of BEGINNING.entries()) {
      this.#view.setBigUint64(STATE + 8 * i, word, true);
    }
    this.#memory.set(block, DATA);
    this.#exports.compress(DATA, 1);
    return this.#memory.slice(STATE, STATE + DIGEST_BYTES);
  }

  /**
   * The digest of a block and the bytes that follow it, from the state after the block. It is valid
   * until the next call.
   */
  digestFrom(state: Uint8Array, bytes: Uint8Array): Uint8Array {
    const memory = this.#memory;
    const length = bytes.length;
    const end = Math.ceil((length + 17) / BLOCK_BYTES) * BLOCK_BYTES;
    memory.set(state, STATE);
    memory.set(bytes, DATA);
    memory.fill(0, DATA + length, DATA + end);
    memory[DATA + length] = 0x80;
    this.#view.setUint32(DATA + end - 4, 8 * (BLOCK_BYTES + length));
    this.#exports.compress(DATA, end / BLOCK_BYTES);
    this.#exports.digest(SCRATCH);
    return memory.subarray(SCRATCH, SCRATCH + DIGEST_BYTES);
  }
}
