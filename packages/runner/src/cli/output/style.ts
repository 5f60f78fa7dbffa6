import { styleText } from 'node:util';

export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Colours a piece of text, or leaves it as it is. */
export type Style = (colour: Colour, text: string) => string;

const plain: Style = (_colour, text) => text;
const coloured: Style = (colour, text) => styleText(colour, text, { validateStream: false });

/** Colours on a terminal only, unless NO_COLOR is set; FORCE_COLOR asks for them anywhere. */
export function styleFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Style {
  if (env.NO_COLOR) return plain;
  if (env.FORCE_COLOR) return env.FORCE_COLOR === '0' ? plain : coloured;
  return stream.isTTY && stream.hasColors() ? coloured : plain;
}
