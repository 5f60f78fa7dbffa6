/** The name of a strategy, which breaks behind an underscore where there is no room. */
export function Name({ of }: { readonly of: string }) {
  return (
    <>
      {of.split(/(?<=_)/).map((part, index) => (
        <span key={`${index} ${part}`}>
          {index > 0 && <wbr />}
          {part}
        </span>
      ))}
    </>
  );
}
