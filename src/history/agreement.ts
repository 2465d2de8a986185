export interface Agreement {
  readonly x: number;
}
export function agreementOf(_: unknown): Agreement {
  return { x: 1 };
}
