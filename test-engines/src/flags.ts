/** The command line of settings, `--name=value` or `--name`. */
export function flags(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));
}
