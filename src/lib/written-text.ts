const utf8 = new TextDecoder("utf-8");

/**
 * The text of a file that a person wrote, in UTF-8; a byte order mark, which some editors put in front, is left out.
 */
export function writtenText(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}
