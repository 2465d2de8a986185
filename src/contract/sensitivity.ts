/** How much a lab wants to see: few events that are none, or few expressions missed. */
export const sensitivities = ["strict", "balanced", "sensitive"] as const;

export type Sensitivity = (typeof sensitivities)[number];
