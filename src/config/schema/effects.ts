/** May be set over MQTT, and counts at once. */
export const remoteLive = { remote: true, effect: "live" } as const;

/** May be set over MQTT, and counts with another run of the pipeline. */
export const remotePipeline = { remote: true, effect: "pipeline" } as const;

/** Set on the device alone; a run of the pipeline takes it when it is opened. */
export const localPipeline = { effect: "pipeline" } as const;
