/** What `flinch completion` has a script for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
