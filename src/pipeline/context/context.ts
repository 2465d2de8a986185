/** What a face may do beside a micro-expression, and what is easily taken for one (docs/real-people.md). */
export const contexts = ["talking", "smiling", "blinking", "head_moving", "gaze_shifting"] as const;

export type Context = (typeof contexts)[number];
