/** The same row as somebody would make it by hand: without a version. */
export function handMade<Row extends { readonly version?: unknown }>({ version: _version, ...row }: Row) {
  return row;
}
