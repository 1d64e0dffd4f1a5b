/** Apps with a series of their own; the tries of those that came later are counted together. */
export const APP_LINES = 256;
