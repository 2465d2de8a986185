/**
 * The rooms of src/, from the street to the ground: a file imports from its own room and from rooms below it. Rooms on
 * one line do not know each other. docs/architecture.md says what each is for.
 */
export const ROOMS = [
  ["main.ts"],
  ["cli", "demo"],
  ["daemon", "web", "batch"],
  ["fleet"],
  ["console"],
  ["metrics"],
  ["archive"],
  ["report"],
  ["api"],
  ["evaluation"],
  ["mqtt"],
  ["config"],
  ["history", "evidence"],
  ["sessions"],
  ["outbox"],
  ["device"],
  ["pipeline"],
  ["capture", "face", "spotting", "recognition"],
  ["stream"],
  ["runtime"],
  ["contract"],
  ["lib"],
];

/**
 * Ways into a room beside its index.ts: each lets a command do without what the door would load. Files of lib/ have
 * nothing to do with each other, so each is a door.
 */
const SIDE_DOORS = [
  // Help and completion go without the configuration's schema.
  "config/command-line",
  "config/arguments",
  // `flinch export` of a session goes without the pipeline, and so without OpenCV.
  "history/history",
  // The report cuts out the motion around movements without a database.
  "history/excerpts",
  // `flinch query` alone needs DuckDB.
  "archive/query",
  // The report exports and compares labels in the browser.
  "history/in-page",
  "archive/in-page",
  // Whether there are clips is known without what makes them.
  "evidence/place",
  // Pages group regions as the spotter does, in the browser.
  "spotting/groups",
  // `flinch config pipeline` goes without OpenCV.
  "capture/gstreamer",
  // A collector of events goes without the built-in broker and the outbox.
  "mqtt/closed",
  "mqtt/link-options",
  "mqtt/refusal",
  // The one place that loads each native library; not everything needs both.
  "runtime/opencv",
  "runtime/onnxruntime",
].map((path) => `^src/${path}\\.ts$`);
const DOORS = ["^src/[^/]+/index\\.ts$", "^src/[^/]+/[^/]+/index\\.ts$", "^src/lib/", ...SIDE_DOORS];

const pathOf = (room) => (room.endsWith(".ts") ? `^src/${room.replace(".", "\\.")}$` : `^src/${room}/`);

const upward = ROOMS.flatMap((floor, at) =>
  floor.map((room) => ({
    name: `${room}-imports-downwards`,
    comment: `${room} may import from rooms below it alone`,
    severity: "error",
    from: { path: pathOf(room) },
    to: { path: "^src/", pathNot: [room, ...ROOMS.slice(at + 1).flat()].map(pathOf) },
  })),
);

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...upward,
    {
      name: "a-room-has-a-floor",
      comment: "a file outside every room means that a room is missing",
      severity: "error",
      from: { path: "^src/", pathNot: ROOMS.flat().map(pathOf) },
      to: {},
    },
    {
      name: "by-the-door",
      comment: "another room is entered by its index.ts, which says what is meant for others",
      severity: "error",
      from: { path: "^src/([^/]+)" },
      to: { path: "^src/", pathNot: ["^src/$1", ...DOORS] },
    },
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node"] },
  },
};
