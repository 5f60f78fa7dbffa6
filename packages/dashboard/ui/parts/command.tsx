import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { NowAnswer } from '../../src/api/shapes.js';
import { useSpeech } from '../words/words.js';
import { Code } from './code.js';

/** How commands find the config; `undefined`: that is not known yet. */
export const CommandContext = createContext<NowAnswer['command'] | undefined>(undefined);

/** A command of jobsweep, to be copied: it works on the database of this page. */
export function Command({ text }: { readonly text: string }) {
  const { words } = useSpeech();
  const command = useContext(CommandContext);
  if (command === undefined) return null;
  const { options, folder } = command;
  return (
    <>
      <Code text={`jobsweep ${text}${options === '' ? '' : ` ${options}`}`} />
      {folder !== null && <p class="faint small">{words.inFolder(folder)}</p>}
    </>
  );
}
