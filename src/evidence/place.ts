import { join } from "node:path";

/** The folder in `state.directory` that clips lie in. */
export const clipsFolder = (stateDirectory: string): string => join(stateDirectory, "evidence");
