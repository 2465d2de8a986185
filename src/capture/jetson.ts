import { existsSync } from "node:fs";

/** L4T's own release file: present on every Jetson, nowhere else. */
export const L4T_RELEASE_FILE = "/etc/nv_tegra_release";

export function onJetson(): boolean {
  return existsSync(L4T_RELEASE_FILE);
}
