/**
 * The 1 € filter (Casiez, Roussel and Vogel 2012): smooths hard while a value rests and follows closely while it
 * moves. Rates are in hertz, times in milliseconds, so a wavering frame rate does no harm.
 */
export class OneEuro {
  private value: number | undefined;
  private slope = 0;
  private lastMs = 0;

  constructor(
    /** Cut-off at rest. */
    private readonly restHz: number,
    /** How much of the speed (units per second) is added to the cut-off. */
    private readonly beta: number,
    private readonly slopeHz = 1,
  ) {}

  filter(value: number, timeMs: number): number {
    if (this.value === undefined) {
      this.value = value;
      this.lastMs = timeMs;
      return value;
    }
    const seconds = Math.max(1e-4, (timeMs - this.lastMs) / 1000);
    this.lastMs = timeMs;
    this.slope += smoothing(this.slopeHz, seconds) * ((value - this.value) / seconds - this.slope);
    const cutOff = this.restHz + this.beta * Math.abs(this.slope);
    this.value += smoothing(cutOff, seconds) * (value - this.value);
    return this.value;
  }
}

function smoothing(cutOffHz: number, seconds: number): number {
  const tau = 1 / (2 * Math.PI * cutOffHz);
  return 1 / (1 + tau / seconds);
}
