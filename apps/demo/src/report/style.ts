import { styleText } from 'node:util';

export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Colours a piece of text, or leaves it as it is. */
export type Style = (colour: Colour, text: string) => string;

const plainStyle: Style = (_colour, text) => text;
const colourStyle: Style = (colour, text) => styleText(colour, text, { validateStream: false });

/** Colours only on a terminal, unless NO_COLOR is set; FORCE_COLOR asks for them anywhere. */
export function styleFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Style {
  if (env.NO_COLOR) return plainStyle;
  if (env.FORCE_COLOR) return env.FORCE_COLOR === '0' ? plainStyle : colourStyle;
  return stream.isTTY && stream.hasColors() ? colourStyle : plainStyle;
}
