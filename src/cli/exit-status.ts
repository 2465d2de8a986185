/** Exit status of a command over many things of which some failed; 1 where all did. */
export const SOME_FAILED = 3;
