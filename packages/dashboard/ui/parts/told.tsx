/** A text in which commands stand between backticks. */
export function Told({ text }: { readonly text: string }) {
  const parts = text.split('`');
  // A backtick without its other one is what it is.
  if (parts.length % 2 === 0) return <>{text}</>;
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part))}</>;
}
