const hidden = "***";

/** Hides credentials and query values in a URL, and passwords among GStreamer properties; other text is returned as it is. */
export function redactAddress(address: string): string {
  return address
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/gi, `$1${hidden}@`)
    .replaceAll(/(\?|&)([^=&#\s]+)=[^&#\s]+/g, `$1$2=${hidden}`)
    .replaceAll(/\b((?:[\w-]*(?:pw|password|passwd|secret|token))\s*=\s*)("[^"]*"|\S+)/gi, `$1${hidden}`);
}
