/**
 * The rooms of src/, from the street to the ground: a file imports from its own room and from rooms below it. Rooms on
 * one line do not know each other. docs/architecture.md says what each is for.
 */
export const ROOMS = [
  ["main.ts"],
  ["cli", "demo"],
  ["daemon"],
  ["report"],
  ["library"],
  ["evaluation"],
  ["mqtt"],
  ["config"],
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
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node"] },
  },
};
