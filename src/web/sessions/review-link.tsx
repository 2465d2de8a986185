/** Opens the review with a session's movements alone. */
export function ReviewLink({ session }: { session: string }) {
  return <a href={`#/review/in/${session}`}>Review what it holds</a>;
}
