/** Why a connection ended before the broker accepted it, without a word from either side. */
export class ClosedUnanswered extends Error {
  constructor() {
    super("the broker closed the connection without an answer");
  }
}

/** Why an accepted connection ended, without a word from either side. */
export class ClosedUnexplained extends Error {
  constructor() {
    super("the broker closed the connection without a word");
  }
}
