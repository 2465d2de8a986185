/** Which Node.js Flinch runs on. */

/** The oldest that it runs on (the first with zlib.crc32); the newest of its list is what boards get (scripts/jetson/versions.sh). */
const OLDEST = "20.15";

/** The last day on which the Node.js project mends a major release. */
const LAST_DAYS = { 20: "2026-04-30", 21: "2024-06-01", 22: "2027-04-30", 23: "2025-06-01", 24: "2028-04-30" };

/**
 * What is to be said of a version of Node.js: `refusal` where Flinch does not run on it, `notice` where nobody mends it
 * any more, neither where all is well.
 */
export function nodeFitness(version, now = new Date()) {
  const [major, minor] = version.split(".").map(Number);
  const [oldest, oldestMinor] = OLDEST.split(".").map(Number);
  if (major < oldest || (major === oldest && minor < oldestMinor))
    return { refusal: `Node.js ${OLDEST} or newer is needed, this is ${version}; take 24` };
  const lastDay = LAST_DAYS[major];
  if (lastDay === undefined || now < new Date(`${lastDay}T24:00:00Z`)) return {};
  return {
    notice: `Node.js ${major} is out of support since ${lastDay} and gets no security fixes; it works, 24 is better`,
  };
}
