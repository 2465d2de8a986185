/** The working tree inside the arm64 Debian, and commands run there. */
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cpuInfo, PROCESSOR } from "./processor.mjs";

/** Where the tree lies, seen from inside. */
export const TREE = "/srv/flinch";

/** What the set-up made there, kept from run to run: it knows itself what of it is out of date. */
const KEPT = new Set(["node_modules", "dist"]);

const CPU_INFO = "/etc/flinch-cpuinfo";

/** Certificates that this machine trusts: it may stand behind a proxy of its own. */
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** Copies what git knows or would take, so that nothing built for this machine comes along. */
export function copyTree(root) {
  const listed = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (listed.status !== 0) throw new Error("this folder is no git repository: clone Flinch rather than copy it");
  const tree = join(root, TREE);
  mkdirSync(tree, { recursive: true });
  for (const name of readdirSync(tree)) if (!KEPT.has(name)) rmSync(join(tree, name), { recursive: true });
  const files = listed.stdout.split("\0").filter((name) => name !== "" && existsSync(name));
  for (const name of files) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    cpSync(name, join(tree, name));
  }
  return `${files.length} files`;
}

/**
 * Mounts, in a mount namespace that ends with the command, what programs look for; then the command, in the tree.
 * A process namespace too, so that nothing is left running when the test is interrupted.
 */
const ENTER = `set -e
mount --rbind /dev "$1/dev"
mount --rbind /sys "$1/sys"
mount -t proc proc "$1/proc"
mount --bind "$1${CPU_INFO}" "$1/proc/cpuinfo"
root=$1 command=$2
shift 2
exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" \\
  sh -c 'cd ${TREE} && eval "$1"' sh "$command"`;

/**
 * Runs a shell command in the arm64 Debian, its words passed on to standard error; with `output` its standard output
 * is returned instead. Throws when it fails.
 */
export function inside(root, command, { output = false } = {}) {
  for (const file of ["/etc/resolv.conf", "/etc/hosts"]) if (existsSync(file)) copyFileSync(file, join(root, file));
  writeFileSync(join(root, CPU_INFO), cpuInfo());
  const environment = [`QEMU_CPU=${PROCESSOR}`];
  if (existsSync(CERTIFICATES)) {
    copyFileSync(CERTIFICATES, join(root, `${CERTIFICATES}.host`));
    environment.push(`npm_config_cafile=${CERTIFICATES}.host`);
  }
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child"];
  const enter = ["sh", "-c", ENTER, "sh", root, command, ...environment];
  const { status, stdout, error } = spawnSync("unshare", [...namespaces, ...enter], {
    encoding: "utf8",
    stdio: ["ignore", output ? "pipe" : 2, "inherit"],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`in the arm64 Debian, ${command} ended with ${status ?? "a signal"}`);
  return stdout ?? "";
}
