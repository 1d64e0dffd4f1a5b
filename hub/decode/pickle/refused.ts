/** What each opcode of a pickle that asks for more than data is for. */
export const REFUSED: Record<number, string> = {
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
