/** Installs the Debian (or Ubuntu) packages that are missing; asks for nothing when none is. */
import { spawnSync } from "node:child_process";
import { execute } from "./steps.mjs";

/** What it takes to build and run Flinch. */
export const RUN_PACKAGES = ["libopencv-dev", "pkg-config", "g++", "make", "python3"];

/**
 * What only the tests use: a broker to test against, a camera on the network that is none, a lint for shell scripts, a
 * judge of systemd's units, what the Python example, Home Assistant's templates and the documents' examples run on, a
 * clock that can be set, Prometheus' own judge of metrics and rules, a browser with a font, a database server, what
 * PyPI's readers of exported files go into.
 */
export const TEST_PACKAGES = [
  "mosquitto",
  "mosquitto-clients",
  "jq",
  "ffmpeg",
  "python3-gi",
  "gir1.2-gst-rtsp-server-1.0",
  "gstreamer1.0-plugins-base",
  "gstreamer1.0-plugins-good",
  "gstreamer1.0-plugins-bad",
  "gstreamer1.0-plugins-ugly",
  "shellcheck",
  "systemd",
  "bats",
  "python3-paho-mqtt",
  "python3-jinja2",
  "faketime",
  "prometheus",
  "python3-venv",
  "fish",
  "zsh",
  "chromium",
  "fonts-dejavu-core",
  "postgresql",
];

/** What only the long tests use: two other brokers that speak MQTT, a cluster's queue. */
export const LONG_TEST_PACKAGES = ["nats-server", "rabbitmq-server", "slurmctld", "slurmd", "slurm-client", "munge"];

/** What the Python half needs beside PyPI's packages. */
export const TRAINING_PACKAGES = ["python3-venv"];

const APT = ["-o", "DPkg::Lock::Timeout=300", "-y", "--no-install-recommends", "install"];

/** The packages among these that are not installed. */
export function missingPackages(packages) {
  const query = spawnSync("dpkg-query", ["-W", "-f", "$" + "{db:Status-Status} $" + "{Package}\n", ...packages], {
    encoding: "utf8",
  });
  if (query.error) {
    throw new Error(`This is no Debian or Ubuntu: install the like of ${packages.join(", ")}, then set SETUP_NO_APT=1`);
  }
  const installed = new Set(
    query.stdout
      .split("\n")
      .filter((line) => line.startsWith("installed "))
      .map((line) => line.slice("installed ".length)),
  );
  return packages.filter((name) => !installed.has(name));
}

/** The words before apt-get: none for root, else sudo, which asks for the password here and now. */
function asRoot(missing) {
  if (process.getuid?.() === 0) return [];
  const asked = spawnSync("sudo", ["-v"], { stdio: ["inherit", "inherit", "inherit"] });
  if (asked.status === 0) return ["sudo", "-n"];
  throw new Error(`Debian packages are missing; as root, run: apt-get install ${missing.join(" ")}`);
}

/** Call before anything else draws on the terminal: it may ask for a password. */
export function prepareInstall(packages) {
  const missing = process.env.SETUP_NO_APT ? [] : missingPackages(packages);
  if (missing.length === 0) return async () => undefined;
  const sudo = asRoot(missing);
  const aptGet = (...args) => {
    const words = [...sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    return execute(words[0], words.slice(1));
  };
  return async () => {
    try {
      await aptGet(...APT, ...missing);
    } catch {
      // The usual reasons are lists of packages that are missing or old.
      await aptGet("update");
      await aptGet(...APT, ...missing);
    }
    return `installed ${missing.join(", ")}`;
  };
}
