/** What somebody may do, each with all that the ones before may. */
export const roles = ["view", "review", "operate"] as const;

export type Role = (typeof roles)[number];

/** Whether a role is enough for what needs `needed`. */
export function suffices(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
