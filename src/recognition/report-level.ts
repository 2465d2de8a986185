/** How much an event may say: everything; valence alone; action units alone; that a face moved, and nothing of what. */
export const reportLevels = ["emotion", "valence", "action_units", "motion"] as const;

export type ReportLevel = (typeof reportLevels)[number];
